#include "gateway/client/access.hpp"

#include "gateway/client/command_line.hpp"

#include <algorithm>
#include <cstdlib>

namespace weir::client {

namespace ssl = boost::asio::ssl;

void declare(option_set& set, access_options& o) {
    set.add("token", o.token, "TOKEN",
            "sent as Authorization: Bearer; better given as WEIR_TOKEN, for other users of the "
            "machine see command lines");
    set.add("ca", o.ca, "FILE", "TLS: trust these certificates (PEM) in place of the system's");
    set.add("insecure", o.insecure, "", "TLS: trust any certificate");
}

void complete(access_options& o, const url& to) {
    must(to.tls || (!o.insecure && o.ca.empty()),
         "--ca and --insecure are for https:// and wss:// alone");
    must(o.ca.empty() || !o.insecure, "--ca and --insecure exclude each other");
    const bool takes_token = to.scheme == protocol::http || to.scheme == protocol::ws;
    must(takes_token || o.token.empty(), "--token is for http and ws URLs alone");
    const char* const from_environment = std::getenv("WEIR_TOKEN");
    if (o.token.empty() && takes_token && from_environment)
        o.token.value = from_environment;
    must(std::ranges::none_of(o.token.value, [](char c) { return c <= ' ' || c == '\x7f'; }),
         "the token has a space or control character in it");
}

std::string authorization(const access_options& o) {
    return o.token.empty() ? "" : "Authorization: Bearer " + o.token.value + "\r\n";
}

ssl::context tls_context(const access_options& o) {
    ssl::context context(ssl::context::tls_client);
    context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                        ssl::context::no_tlsv1_1);
    context.set_verify_mode(o.insecure ? ssl::verify_none : ssl::verify_peer);
    if (o.insecure)
        return context;
    boost::system::error_code fault;
    if (o.ca.empty())
        context.set_default_verify_paths(fault);
    else
        context.load_verify_file(o.ca, fault);
    if (fault)
        throw startup_error("--ca " + o.ca + ": " + fault.message());
    return context;
}

} // namespace weir::client
