// A client's connection to one HTTP server (RFC 9112), over TCP or TLS: opened when it is first
// needed, kept while the server keeps it, opened again when it is not. One request at a time. Lives
// on one executor, whose thread alone calls it. Whatever goes wrong is no answer, not an exception.
#pragma once

#include "base/executor.hpp"
#include "sinks/name_lookup.hpp"
#include "sinks/post_url.hpp"
#include "sinks/retry_policy.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace weir {

class http_connection {
public:
    // `url` and `tls` outlive it; `tls` is null for plain http.
    http_connection(io_executor where, const post_url& url, boost::asio::ssl::context* tls);
    ~http_connection();

    // Sends a whole request and reads the answer to it, all within `timeout`. What is answered
    // counts from the moment its head has come. A kept connection that turns out to be closed is
    // opened again at once. `head` and `body` must live until this returns.
    task<http_outcome> exchange(std::string_view head, std::string_view body, duration timeout);

    void abort(); // ends the exchange under way: no answer
    boost::system::error_code fault() const { return fault_; } // why there was no answer

private:
    using tcp = boost::asio::ip::tcp;
    using tcp_socket = boost::asio::basic_stream_socket<tcp, io_executor>;
    using tls_stream = boost::asio::ssl::stream<tcp_socket&>;

    task<http_outcome> try_once(std::string_view head, std::string_view body);
    task<> connect();
    template <class Stream>
    task<http_outcome> talk(Stream& stream, std::string_view head, std::string_view body);
    bool still_usable();
    void close();

    io_executor executor_;
    const post_url& url_;
    boost::asio::ssl::context* tls_context_;
    tcp_socket socket_;
    std::optional<tls_stream> tls_;
    boost::beast::flat_buffer read_;
    io_timer deadline_;
    name_lookup lookup_;
    boost::system::error_code fault_;
    std::uint64_t attempt_ = 0; // tells a late time-out which exchange it was for
    bool open_ = false;
    bool aborted_ = false;
    bool heard_ = false; // any byte of an answer
};

// As a client needs it: the system's certificates (or SSL_CERT_FILE) are trusted, and the server's
// name is checked, unless `insecure`.
boost::asio::ssl::context client_tls(const std::string& host, bool insecure);

} // namespace weir
