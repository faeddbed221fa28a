#include "sinks/http_connection.hpp"

#include <array>
#include <boost/asio/connect.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
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
constexpr std::uint64_t most_body = 1024 * 1024; // of an answer, which nobody reads

template <class Head>
std::optional<duration> retry_after(const Head& head) {
    const auto field = head.find(http::field::retry_after);
    if (field == head.end())
        return std::nullopt;
    return parse_retry_after(std::string_view(field->value().data(), field->value().size()),
                             wall_now());
}

} // namespace

http_connection::http_connection(io_executor where, const post_url& url, asio::ssl::context* tls)
    : executor_(where), url_(url), tls_context_(tls), socket_(where), deadline_(where),
      lookup_(where) {}

http_connection::~http_connection() = default;

task<http_outcome> http_connection::exchange(std::string_view head, std::string_view body,
                                             duration timeout) {
    aborted_ = false;
    deadline_.expires_after(timeout);
    deadline_.async_wait([this, attempt = ++attempt_](error_code fault) {
        if (!fault && attempt == attempt_)
            abort();
    });
    const bool kept = open_ && still_usable();
    if (!kept)
        close();
    http_outcome outcome = co_await try_once(head, body);
    if (outcome.status == 0 && kept && !heard_ && !aborted_)
        outcome = co_await try_once(head, body);
    if (aborted_ && outcome.status == 0)
        fault_ = asio::error::timed_out;
    ++attempt_;
    deadline_.cancel();
    co_return outcome;
}

task<http_outcome> http_connection::try_once(std::string_view head, std::string_view body) {
    fault_ = {};
    heard_ = false;
    if (!open_)
        co_await connect();
    http_outcome outcome;
    if (open_ && tls_)
        outcome = co_await talk(*tls_, head, body);
    else if (open_)
        outcome = co_await talk(socket_, head, body);
    co_return outcome;
}

task<> http_connection::connect() {
    const std::vector<tcp::endpoint> endpoints =
        co_await lookup_.find(url_.host, url_.port, fault_);
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
        asio::ip::make_address(url_.host, fault_);
        if (fault_) // SNI is for names alone (RFC 6066, section 3)
            SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str());
        const auto secured = co_await tls_->async_handshake(tls_stream::client, use_task_tuple);
        fault_ = std::get<0>(secured);
        if (fault_ || aborted_)
            co_return close();
    }
    open_ = true;
}

template <class Stream>
task<http_outcome> http_connection::talk(Stream& stream, std::string_view head,
                                         std::string_view body) {
    const std::array<asio::const_buffer, 2> request{asio::buffer(head), asio::buffer(body)};
    const auto written = co_await asio::async_write(stream, request, use_task_tuple);
    // Who closes before it has read everything may have said why, so the answer is read anyway.
    const error_code write_fault = std::get<0>(written);
    http_outcome outcome;
    for (;;) {
        http::response_parser<http::string_body> answer;
        answer.header_limit(most_head);
        answer.body_limit(most_body);
        const auto got_head =
            co_await http::async_read_header(stream, read_, answer, use_task_tuple);
        heard_ = heard_ || std::get<1>(got_head) > 0 || read_.size() > 0;
        if (std::get<0>(got_head)) {
            fault_ = write_fault ? write_fault : std::get<0>(got_head);
            break;
        }
        if (answer.get().result_int() / 100 == 1 && answer.get().result_int() != 101)
            continue; // 100 Continue, 103 Early Hints: the answer is still to come
        outcome.status = answer.get().result_int();
        outcome.retry_after = retry_after(answer.get());
        const auto got_body = co_await http::async_read(stream, read_, answer, use_task_tuple);
        if (!std::get<0>(got_body) && !write_fault && answer.keep_alive() && read_.size() == 0)
            co_return outcome;
        break;
    }
    close();
    co_return outcome;
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

asio::ssl::context client_tls(const std::string& host, bool insecure) {
    asio::ssl::context context(asio::ssl::context::tls_client);
    context.set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                        asio::ssl::context::no_tlsv1_1);
    if (insecure) {
        context.set_verify_mode(asio::ssl::verify_none);
    } else {
        context.set_default_verify_paths();
        context.set_verify_mode(asio::ssl::verify_peer);
        context.set_verify_callback(asio::ssl::host_name_verification(host));
    }
    return context;
}

} // namespace weir
