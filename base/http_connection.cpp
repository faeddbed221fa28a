#include "base/http_connection.hpp"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <sys/socket.h>

namespace weir {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr std::uint32_t most_head = 64 * 1024;

} // namespace

http_connection::http_connection(io_executor where, const std::string& host, std::uint16_t port,
                                 asio::ssl::context* tls)
    : host_(host), port_(port), tls_context_(tls), socket_(where), deadline_(where),
      lookup_(where) {}

http_connection::~http_connection() = default;

task<http_response> http_connection::exchange(std::string_view head, std::string_view body,
                                              duration timeout, std::uint64_t max_body) {
    aborted_ = false;
    max_body_ = max_body;
    deadline_.expires_after(timeout);
    deadline_.async_wait([this, attempt = ++attempt_](error_code fault) {
        if (!fault && attempt == attempt_)
            abort();
    });
    const bool kept = open_ && still_usable();
    if (!kept)
        close();
    http_response answer = co_await try_once(head, body);
    if (answer.status == 0 && kept && !heard_ && !aborted_)
        answer = co_await try_once(head, body);
    if (aborted_ && !answer.whole)
        fault_ = asio::error::timed_out;
    ++attempt_;
    deadline_.cancel();
    co_return answer;
}

task<http_response> http_connection::try_once(std::string_view head, std::string_view body) {
    fault_ = {};
    heard_ = false;
    if (!open_)
        co_await connect();
    http_response answer;
    if (open_ && tls_)
        answer = co_await talk(*tls_, head, body);
    else if (open_)
        answer = co_await talk(socket_, head, body);
    co_return answer;
}

task<> http_connection::connect() {
    const std::vector<tcp::endpoint> endpoints = co_await lookup_.find(host_, port_, fault_);
    if (fault_ || aborted_)
        co_return;
    const auto connected = co_await asio::async_connect(socket_, endpoints, use_task_tuple);
    fault_ = std::get<0>(connected);
    if (fault_ || aborted_)
        co_return close();
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    if (tls_context_) {
        tls_.emplace(socket_, *tls_context_);
        asio::ip::make_address(host_, fault_);
        if (fault_) // SNI is for names alone (RFC 6066, section 3)
            SSL_set_tlsext_host_name(tls_->native_handle(), host_.c_str());
        const auto secured = co_await tls_->async_handshake(tls_stream::client, use_task_tuple);
        fault_ = std::get<0>(secured);
        if (fault_ || aborted_)
            co_return close();
    }
    open_ = true;
}

template <class Stream>
task<http_response> http_connection::talk(Stream& stream, std::string_view head,
                                          std::string_view body) {
    const std::array<asio::const_buffer, 2> request{asio::buffer(head), asio::buffer(body)};
    const auto written = co_await asio::async_write(stream, request, use_task_tuple);
    // Who closes before it has read everything may have said why, so the answer is read anyway.
    const error_code write_fault = std::get<0>(written);
    http_response answer;
    for (;;) {
        http::response_parser<http::string_body> parser;
        parser.header_limit(most_head);
        parser.body_limit(max_body_);
        const auto got_head =
            co_await http::async_read_header(stream, read_, parser, use_task_tuple);
        heard_ = heard_ || std::get<1>(got_head) > 0 || read_.size() > 0;
        if (std::get<0>(got_head)) {
            fault_ = write_fault ? write_fault : std::get<0>(got_head);
            break;
        }
        if (parser.get().result_int() / 100 == 1 && parser.get().result_int() != 101)
            continue; // 100 Continue, 103 Early Hints: the answer is still to come
        const auto got_body = co_await http::async_read(stream, read_, parser, use_task_tuple);
        fault_ = std::get<0>(got_body);
        const bool keep = !fault_ && !write_fault && parser.keep_alive() && read_.size() == 0;
        answer.status = parser.get().result_int();
        answer.whole = !fault_;
        http::response<http::string_body> got = parser.release();
        answer.body = std::move(got.body());
        answer.head = std::move(static_cast<http::fields&>(got));
        if (keep)
            co_return answer;
        break;
    }
    close();
    co_return answer;
}

// Nothing is to be read where nothing was asked: a byte or an end means that it is over.
bool http_connection::still_usable() {
    char byte = 0;
    return recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == -1 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

void http_connection::abort() {
    aborted_ = true;
    error_code ignored;
    socket_.close(ignored);
    lookup_.abort();
}

void http_connection::close() {
    error_code ignored;
    socket_.close(ignored);
    tls_.reset();
    read_.clear();
    open_ = false;
}

bool http_connection::too_large() const { return fault_ == http::error::body_limit; }

} // namespace weir
