// The HTTP listener: requests in, and WebSockets on the same port (RFC 9112, RFC 6455), as said in
// listeners/http_policy.hpp and listeners/http_session.hpp. And the WebSocket listener, which is
// the same port with nothing behind it but WebSocket ingest, at any path.
//
// Owned by the gateway; see listeners/listener.hpp. What a route takes over (websocket) is its own
// from then on: it is none of tasks(), and stop doesn't reach it.
//
// One request that is refused counts as one refused message. HTTP's own connections and those at
// /ws are counted as the HTTP listener's.
#pragma once

#include "listeners/acceptor.hpp"
#include "listeners/http_options.hpp"
#include "listeners/http_port.hpp"

namespace weir {

class http_front : public listener {
public:
    void open() override { acceptor_.open(); }
    bool share_port(bool shared) override { return acceptor_.share_port(shared); }
    void start() override { acceptor_.start(); }
    void stop() override { acceptor_.stop(); }
    void stop_now() override { acceptor_.stop_now(); }
    task_group& tasks() override { return tasks_; }
    std::string bound() const override { return acceptor_.bound(); }

protected:
    acceptor* accepts() override { return &acceptor_; }
    http_front(http_port port, acceptor_options options);

private:
    http_port port_;
    task_group tasks_;
    acceptor acceptor_;
};

class http_listener final : public http_front {
public:
    // `ws_books` are those of what comes over /ws. Throws usage_error, and startup_error where it
    // is to take beacons and the expressions can't be read.
    http_listener(const listener_setting& setting, listener_books& ws_books,
                  const http_options& options, http_routes routes);
};

class ws_listener final : public http_front {
public:
    ws_listener(const listener_setting& setting, const ws_options& options); // throws usage_error
};

} // namespace weir
