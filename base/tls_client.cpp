#include "base/tls_client.hpp"

#include "base/log.hpp"

#include <boost/asio/ssl/host_name_verification.hpp>

namespace weir {

namespace ssl = boost::asio::ssl;

void tls_client_options::check(bool tls, std::string_view scheme) const {
    if (!tls && (!ca_file.empty() || insecure))
        throw usage_error("ca-file and insecure are for " + std::string(scheme) + " URLs");
    if (!ca_file.empty() && insecure)
        throw usage_error("ca-file and insecure exclude each other");
}

void declare(option_set& set, tls_client_options& o) {
    set.add("ca-file", o.ca_file, "PATH", "TLS: trust these certificates (PEM), not the system's");
    set.add("insecure", o.insecure, "on|off", "TLS: don't check the server's certificate");
}

ssl::context client_tls(const std::string& host, const tls_client_options& o,
                        std::string_view component) {
    ssl::context context(ssl::context::tls_client);
    context.set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 |
                        ssl::context::no_tlsv1_1);
    if (o.insecure) {
        component_log(component).warn("the certificate of {} is not checked", host);
        context.set_verify_mode(ssl::verify_none);
        return context;
    }
    boost::system::error_code fault;
    if (o.ca_file.empty())
        context.set_default_verify_paths();
    else
        context.load_verify_file(o.ca_file, fault);
    if (fault)
        throw startup_error("can't read the certificates in " + o.ca_file + ": " + fault.message());
    context.set_verify_mode(ssl::verify_peer);
    context.set_verify_callback(ssl::host_name_verification(host));
    return context;
}

} // namespace weir
