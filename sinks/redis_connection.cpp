#include "sinks/redis_connection.hpp"

#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/write.hpp>

namespace weir {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr std::size_t read_size = 16 * 1024;

} // namespace

// Aborts the connection when the time is over, as long as this lives.
class redis_connection::deadline {
public:
    deadline(redis_connection& of, duration timeout) : of_(of) {
        of_.aborted_ = false;
        of_.fault_.clear();
        of_.timer_.expires_after(timeout);
        of_.timer_.async_wait([self = &of_, attempt = ++of_.attempt_](error_code fault) {
            if (!fault && attempt == self->attempt_)
                self->abort();
        });
    }
    ~deadline() {
        ++of_.attempt_;
        of_.timer_.cancel();
    }
    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

private:
    redis_connection& of_;
};

redis_connection::redis_connection(io_executor where, const redis_url& url, asio::ssl::context* tls)
    : executor_(where), url_(url), tls_context_(tls), socket_(where), lookup_(where),
      timer_(where) {}

task<bool> redis_connection::open(duration timeout) {
    close();
    const deadline ends(*this, timeout);
    bool done = co_await connect();
    if (done && tls_context_)
        done = co_await secure();
    if (done)
        done = co_await greet();
    open_ = done;
    co_return done;
}

task<std::vector<resp_value>> redis_connection::exchange(std::string_view commands,
                                                         std::size_t replies, duration timeout) {
    std::vector<resp_value> got;
    if (!open_)
        co_return got;
    const deadline ends(*this, timeout);
    got = co_await talk(commands, replies);
    co_return got;
}

task<bool> redis_connection::connect() {
    using endpoint = asio::generic::stream_protocol::endpoint;
    std::vector<endpoint> endpoints;
    error_code fault;
    if (!url_.path.empty()) {
        endpoints.emplace_back(asio::local::stream_protocol::endpoint(url_.path));
    } else {
        const auto found = co_await lookup_.find(url_.host, url_.port, fault);
        endpoints.assign(found.begin(), found.end());
        if (endpoints.empty())
            co_return fail(fault);
    }
    for (const endpoint& each : endpoints) {
        if (aborted_)
            break;
        error_code ignored;
        socket_.close(ignored);
        const auto connected = co_await socket_.async_connect(each, use_task_tuple);
        fault = std::get<0>(connected);
        if (!fault)
            break;
    }
    if (fault || aborted_)
        co_return fail(fault);
    if (url_.path.empty()) {
        error_code ignored;
        socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    }
    co_return true;
}

task<bool> redis_connection::secure() {
    tls_.emplace(socket_, *tls_context_);
    error_code no_address;
    asio::ip::make_address(url_.host, no_address);
    if (no_address) // SNI is for names alone (RFC 6066, section 3)
        SSL_set_tlsext_host_name(tls_->native_handle(), url_.host.c_str());
    const auto secured = co_await tls_->async_handshake(tls_stream::client, use_task_tuple);
    const error_code fault = std::get<0>(secured);
    if (fault || aborted_)
        co_return fail(fault);
    co_return true;
}

task<bool> redis_connection::greet() {
    std::string commands;
    std::size_t count = 0;
    if (!url_.user.empty())
        append_command(commands, {"AUTH", url_.user, url_.password});
    else if (!url_.password.empty())
        append_command(commands, {"AUTH", url_.password});
    count += url_.password.empty() ? 0 : 1;
    if (url_.database != 0) {
        append_command(commands, {"SELECT", std::to_string(url_.database)});
        ++count;
    }
    // Says at once where a password is missing, or where this is no Redis.
    append_command(commands, {"PING"});
    ++count;
    const std::vector<resp_value> replies = co_await talk(commands, count);
    if (replies.size() < count)
        co_return false;
    for (const resp_value& each : replies)
        if (each.is_error())
            co_return fail(loggable(each.text));
    co_return true;
}

task<std::vector<resp_value>> redis_connection::talk(std::string_view commands,
                                                     std::size_t replies) {
    std::vector<resp_value> got;
    if (tls_)
        got = co_await talk_over(*tls_, commands, replies);
    else
        got = co_await talk_over(socket_, commands, replies);
    co_return got;
}

template <class Stream>
task<std::vector<resp_value>> redis_connection::talk_over(Stream& stream, std::string_view commands,
                                                          std::size_t replies) {
    std::vector<resp_value> got;
    const auto request = asio::buffer(commands);
    const auto written = co_await asio::async_write(stream, request, use_task_tuple);
    if (std::get<0>(written) || aborted_) {
        fail(std::get<0>(written));
        co_return got;
    }
    std::array<char, read_size> room; // NOLINT(cppcoreguidelines-pro-type-member-init)
    while (got.size() < replies) {
        resp_value value;
        switch (reader_.next(value)) {
        case resp_reader::step::value:
            got.push_back(std::move(value));
            continue;
        case resp_reader::step::fault:
            fail("the answer is no RESP");
            co_return got;
        case resp_reader::step::more:
            break;
        }
        const auto into = asio::buffer(room);
        const auto read = co_await stream.async_read_some(into, use_task_tuple);
        if (std::get<0>(read) || aborted_) {
            fail(std::get<0>(read));
            co_return got;
        }
        reader_.feed({room.data(), std::get<1>(read)});
    }
    if (!reader_.empty())
        fail("Redis says more than it was asked");
    co_return got;
}

bool redis_connection::fail(const error_code& why) {
    return fail(aborted_ ? "it took too long" : why.message());
}

bool redis_connection::fail(std::string why) {
    close();
    fault_ = std::move(why);
    return false;
}

void redis_connection::abort() {
    aborted_ = true;
    error_code ignored;
    socket_.close(ignored);
    lookup_.abort();
}

void redis_connection::close() {
    error_code ignored;
    socket_.close(ignored);
    tls_.reset();
    reader_.reset();
    open_ = false;
}

std::string loggable(std::string_view text) {
    std::string out(text.substr(0, 200));
    for (char& c : out)
        if (c < ' ' || c > '~')
            c = '?';
    return out;
}

} // namespace weir
