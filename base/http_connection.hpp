// A client's connection to one HTTP server (RFC 9112), over TCP or TLS: opened when it is first
// needed, kept while the server keeps it, opened again when it is not. One request at a time. Lives
// on one executor, whose thread alone calls it. Whatever goes wrong is no answer, not an exception.
#pragma once

#include "base/executor.hpp"
#include "base/name_lookup.hpp"
#include "base/units.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/fields.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// What a request came to: an answer, or none (connection fault, time-out, broken HTTP).
struct http_response {
    unsigned status = 0; // 0: no answer
    boost::beast::http::fields head;
    std::string body;
    bool whole = false; // the body has come to its end

    std::string_view field(boost::beast::http::field name) const { // "" where it is missing
        const auto found = head.find(name);
        return found == head.end() ? std::string_view()
                                   : std::string_view(found->value().data(), found->value().size());
    }
};

class http_connection {
public:
    // `tls` outlives it; null for plain http.
    http_connection(io_executor where, const std::string& host, std::uint16_t port,
                    boost::asio::ssl::context* tls);
    ~http_connection();

    // Sends a whole request and reads the answer to it, all within `timeout`. What is answered
    // counts from the moment its head has come. A kept connection that turns out to be closed is
    // opened again at once. `head` and `body` must live until this returns.
    task<http_response> exchange(std::string_view head, std::string_view body, duration timeout,
                                 std::uint64_t max_body = 1u << 20);

    void abort(); // ends the exchange under way: no answer
    // Why there was no answer, or no whole one.
    boost::system::error_code fault() const { return fault_; }
    bool too_large() const; // the answer's body was longer than `max_body`

private:
    using tcp = boost::asio::ip::tcp;
    using tcp_socket = boost::asio::basic_stream_socket<tcp, io_executor>;
    using tls_stream = boost::asio::ssl::stream<tcp_socket&>;

    task<http_response> try_once(std::string_view head, std::string_view body);
    task<> connect();
    template <class Stream>
    task<http_response> talk(Stream& stream, std::string_view head, std::string_view body);
    bool still_usable();
    void close();

    const std::string host_;
    const std::uint16_t port_;
    boost::asio::ssl::context* tls_context_;
    tcp_socket socket_;
    std::optional<tls_stream> tls_;
    boost::beast::flat_buffer read_;
    io_timer deadline_;
    name_lookup lookup_;
    boost::system::error_code fault_;
    std::uint64_t attempt_ = 0; // tells a late time-out which exchange it was for
    std::uint64_t max_body_ = 0;
    bool open_ = false;
    bool aborted_ = false;
    bool heard_ = false; // any byte of an answer
};

} // namespace weir
