// A little HTTP server on loopback for the tests of the POST sink: it does what it is told with
// each request, and remembers what it was sent.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace weir {

class post_server {
public:
    using request = boost::beast::http::request<boost::beast::http::string_body>;

    struct reply {
        std::string bytes;  // as they go out; nothing: hangs until it is stopped
        bool close = false; // the connection, afterwards
    };
    // Called on the server's thread for the n-th request (from 0).
    using script = std::function<reply(const request&, std::size_t n)>;

    static reply answer(int status, const std::string& headers = "", const std::string& body = "") {
        return {"HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers +
                    "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body,
                false};
    }
    static reply hang() { return {}; }
    static reply cut(std::string bytes = " ") { return {std::move(bytes), true}; }

    explicit post_server(script what, boost::asio::ssl::context* tls = nullptr)
        : script_(std::move(what)), tls_(tls),
          acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}) {
        boost::asio::co_spawn(context_, accept(), boost::asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }
    post_server(const post_server&) = delete;
    post_server& operator=(const post_server&) = delete;
    ~post_server() { stop(); }

    void stop() {
        context_.stop();
        if (thread_.joinable())
            thread_.join();
    }

    std::string url(const std::string& path = "/in") const {
        return (tls_ ? "https://localhost:" : "http://127.0.0.1:") +
               std::to_string(acceptor_.local_endpoint().port()) + path;
    }
    std::vector<request> requests() const {
        const std::lock_guard lock(mutex_);
        return requests_;
    }
    std::size_t connections() const {
        const std::lock_guard lock(mutex_);
        return connections_;
    }
    // The bodies of all requests, one behind the other.
    std::string bodies() const {
        std::string all;
        for (const request& each : requests())
            all += each.body();
        return all;
    }

private:
    using tcp = boost::asio::ip::tcp;

    boost::asio::awaitable<void> accept() {
        for (;;) {
            tcp::socket socket = co_await acceptor_.async_accept(boost::asio::use_awaitable);
            {
                const std::lock_guard lock(mutex_);
                ++connections_;
            }
            boost::asio::co_spawn(context_, serve(std::move(socket)), boost::asio::detached);
        }
    }

    boost::asio::awaitable<void> serve(tcp::socket socket) {
        if (tls_) {
            boost::asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls_);
            co_await stream.async_handshake(boost::asio::ssl::stream_base::server,
                                            boost::asio::use_awaitable);
            co_await talk(stream);
        } else {
            co_await talk(socket);
        }
    }

    template <class Stream>
    boost::asio::awaitable<void> talk(Stream& stream) {
        boost::beast::flat_buffer buffer;
        for (;;) {
            boost::beast::http::request_parser<boost::beast::http::string_body> parser;
            parser.body_limit(boost::none);
            co_await boost::beast::http::async_read(stream, buffer, parser,
                                                    boost::asio::use_awaitable);
            const reply next = note(parser.release());
            if (next.bytes.empty()) {
                // Until the other side goes.
                co_await stream.async_read_some(buffer.prepare(1), boost::asio::use_awaitable);
                co_return;
            }
            co_await boost::asio::async_write(stream, boost::asio::buffer(next.bytes),
                                              boost::asio::use_awaitable);
            if (next.close)
                co_return;
        }
    }

    reply note(request got) {
        const std::lock_guard lock(mutex_);
        requests_.push_back(std::move(got));
        return script_(requests_.back(), requests_.size() - 1);
    }

    script script_;
    boost::asio::ssl::context* tls_;
    boost::asio::io_context context_{1};
    tcp::acceptor acceptor_;
    mutable std::mutex mutex_;
    std::vector<request> requests_;
    std::size_t connections_ = 0;
    std::thread thread_;
};

} // namespace weir
