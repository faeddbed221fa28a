// What `weir tail` and `weir send` need beside the URL to be let in: a token, and whom to trust.
#pragma once

#include "base/options.hpp"
#include "gateway/client/url.hpp"

#include <boost/asio/ssl/context.hpp>
#include <string>

namespace weir::client {

struct access_options {
    secret token; // also from WEIR_TOKEN
    bool insecure = false;
    std::string ca; // a file of certificates to trust in place of the system's
};
void declare(option_set& set, access_options& o);

// Takes what the command line left out from the environment, and says what does not go together.
// Throws usage_error.
void complete(access_options& o, const url& to);

std::string authorization(const access_options& o); // a header line with its CRLF, or ""

// For https and wss. Throws startup_error where the file of certificates can't be read.
boost::asio::ssl::context tls_context(const access_options& o);

} // namespace weir::client
