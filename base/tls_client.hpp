// What whoever speaks TLS to a server is told by its user: whom to trust. The options `ca-file` and
// `insecure`, and the context that comes of them.
#pragma once

#include "base/options.hpp"

#include <boost/asio/ssl/context.hpp>
#include <string>
#include <string_view>

namespace weir {

struct tls_client_options {
    std::string ca_file; // empty: the system's certificates, or those of SSL_CERT_FILE
    bool insecure = false;

    // Throws usage_error; `scheme` is the one that has TLS, and `tls` whether it was given.
    void check(bool tls, std::string_view scheme) const;
};
void declare(option_set& set, tls_client_options& o);

// TLS 1.2 at least. The server's name is checked, unless `insecure`, which `component` logs. Throws
// startup_error where `ca_file` can't be read.
boost::asio::ssl::context client_tls(const std::string& host, const tls_client_options& o,
                                     std::string_view component);

} // namespace weir
