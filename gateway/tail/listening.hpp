// One connection's worth of listening to a live stream, over WebSocket, as server-sent events or as
// plain lines, and what is to be remembered from one to the next. Main thread.
#pragma once

#include "gateway/client/waiter.hpp"
#include "gateway/tail/options.hpp"
#include "gateway/tail/printer.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace weir::tail {

class listening {
public:
    listening(const tail_options& o, client::waiter& waits)
        : options_(o), waits_(waits), out_(waits, o.count.value) {}

    // Connects, and prints until the stream ends or enough is printed. Throws connection_fault.
    void run();

    event_printer& out() { return out_; }
    bool has_opened() const { return opened_; } // at any time
    // How long the server wants to be left alone before the next connection.
    std::optional<std::chrono::milliseconds> retry() const { return retry_; }

private:
    client::url next_url() const;
    void open();
    void take(std::string_view event);
    void run_websocket();
    void run_http();
    void take_lines(std::string& lines);

    const tail_options& options_;
    client::waiter& waits_;
    event_printer out_;
    std::string last_id_;
    std::optional<std::chrono::milliseconds> retry_;
    bool opened_ = false;
};

// A line on stderr.
void say(const std::string& what);

} // namespace weir::tail
