// An HTTP or WebSocket port with a real queue behind it, and a plain client that reads answers.
#pragma once

#include "gateway/io_pool.hpp"
#include "listeners/http.hpp"
#include "test/listeners/stream_client.hpp"

#include <boost/test/unit_test.hpp>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace weir::test {

struct answer {
    unsigned status = 0;                       // 0: the other side closed instead
    std::map<std::string, std::string> fields; // names as sent
    std::string body;

    std::string operator[](const std::string& name) const {
        const auto found = fields.find(name);
        return found == fields.end() ? "" : found->second;
    }
};

class http_client : public stream_client {
public:
    using stream_client::stream_client;

    answer receive_answer(bool to_head = false) {
        std::string head;
        while (!head.ends_with("\r\n\r\n")) {
            const std::string byte = receive(1);
            if (byte.empty())
                return {};
            head += byte;
        }
        answer out;
        out.status = static_cast<unsigned>(std::stoul(head.substr(9, 3)));
        std::size_t at = head.find("\r\n") + 2;
        while (at + 2 < head.size()) {
            const std::size_t colon = head.find(": ", at);
            const std::size_t end = head.find("\r\n", at);
            out.fields[head.substr(at, colon - at)] = head.substr(colon + 2, end - colon - 2);
            at = end + 2;
        }
        if (!to_head && !out["Content-Length"].empty())
            out.body = receive(std::stoul(out["Content-Length"]));
        return out;
    }

    answer ask(std::string_view request, bool to_head = false) {
        send(request);
        return receive_answer(to_head);
    }
    bool closed() { return receive(1).empty(); }
};

inline std::string post(std::string_view body, std::string_view target = "/",
                        std::string_view fields = "") {
    return "POST " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" + std::string(fields) +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

inline std::string get(std::string_view target, std::string_view fields = "",
                       std::string_view method = "GET") {
    return std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n" +
           std::string(fields) + "\r\n";
}

inline std::string upgrade(std::string_view target, std::string_view fields = "") {
    return get(target, "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
                           std::string(fields));
}

// What every port here has behind it: "/hello" (open), "/closed", "/live" and "/events", a stream.
struct http_fixture {
    enum class kind { http, ws, beacon };

    explicit http_fixture(const std::string& options = "", queue_options queue = {},
                          kind what = kind::http, span_recorder* spans = nullptr)
        : destination(make_queue(queue)), reader(destination->subscribe()) {
        books.listener = "http";
        ws_books.listener = "ws";
        const std::string text = "127.0.0.1:0" + options;
        if (what == kind::ws)
            port = std::make_unique<ws_listener>(listener_setting{pool, *destination, ws_books, 7},
                                                 parse_options<ws_options>(text));
        else if (what == kind::beacon)
            port = std::make_unique<http_listener>(listener_setting{pool, *destination, books, 7},
                                                   books, parse_options<beacon_options>(text),
                                                   routes());
        else
            port = std::make_unique<http_listener>(
                listener_setting{pool, *destination, books, 7, spans}, ws_books,
                parse_options<http_options>(text), routes());
        port->open();
        port->start();
        pool.start();
    }
    ~http_fixture() {
        port->stop();
        port->stop_now();
        destination->close();
        BOOST_TEST(ended());
        pool.stop();
    }
    bool ended() {
        return port->tasks().wait_until(std::chrono::steady_clock::now() +
                                        std::chrono::seconds(20));
    }

    http_routes routes() {
        const auto say = [](const http_query& query) {
            http_answer out;
            out.body = std::string(query.path) + "?" + std::string(query.query);
            return out;
        };
        const auto take_over = [this](websocket_connection fresh) {
            taken_over.set_value(std::move(fresh));
        };
        const auto admit = [](const http_query& query) {
            http_answer out;
            out.status = query.query == "no" ? 400 : 200;
            out.content_type = "text/event-stream";
            out.headers.emplace_back("X-Last", query.last_event_id);
            return out;
        };
        // Answers from a thread of its own; not at all where the path ends with /never.
        const auto later = [say](const http_query& query, std::function<void(http_answer)> done) {
            http_answer out = say(query);
            out.body += " " + std::string(query.raw_path) + " " + std::string(query.host);
            const bool never = query.path.ends_with("/never");
            std::thread([out = std::move(out), done = std::move(done), never] {
                if (!never)
                    done(out);
            }).detach();
        };
        return {{route_kind::health, "/hello", true, say, {}},
                {route_kind::metrics, "/closed", false, say, {}},
                {route_kind::live, "/live", false, {}, take_over, {}, admit},
                {route_kind::events, "/events", false, {}, {}, take_over, admit},
                {route_kind::stats, "/later/*", false, {}, {}, {}, {}, later},
                {route_kind::stats, "/later/on/*", false, say, {}}};
    }

    http_client client() { return http_client(port->bound()); }
    answer ask(std::string_view request) { return http_client(port->bound()).ask(request); }

    // Every message taken so far, each in brackets.
    std::string messages() {
        std::string all;
        while (batch_ptr next = reader->try_take())
            for (std::string_view message : *next)
                all += "[" + std::string(message) + "]";
        return all;
    }
    std::uint64_t refused(refusal why) const { return books.refused_messages[why].value(); }
    std::uint64_t ws_refused(refusal why) const { return ws_books.refused_messages[why].value(); }

    io_pool pool{2};
    std::unique_ptr<queue> destination;
    std::unique_ptr<queue_reader> reader;
    listener_books books;
    listener_books ws_books;
    std::promise<websocket_connection> taken_over;
    std::unique_ptr<listener> port;
};

} // namespace weir::test
