// The TCP listener: framed messages out of streams, TCP or unix. One coroutine a connection: wait
// until there is something, read it in one large chunk, frame it in place, publish it as one batch.
// It never writes to a connection.
//
// Framing: wire/framing.hpp. Too long with a delimiter is skipped and counted; anything else that
// breaks the framing closes the connection, after what was complete is published. Under block a
// full queue stops the reading, and TCP's flow control the sender.
//
// Stopping takes what has arrived by then. A message that has only begun is refused as closing, for
// it may be half of one; at the peer's own end of stream it counts.
//
// Owned by the gateway; see listeners/listener.hpp.
#pragma once

#include "base/options.hpp"
#include "listeners/acceptor.hpp"
#include "listeners/listener.hpp"
#include "wire/framing.hpp"

namespace weir {

class tcp_intake;

struct tcp_options {
    address listen;
    weir::framing framing = weir::framing::newline;
    byte_size max_message = 1_MiB;
    std::size_t max_connections = 10'000;
    duration idle_timeout = std::chrono::hours(1);
    std::vector<cidr> allow;
    std::string topic;
};

inline void declare(option_set& set, tcp_options& o) {
    set.what("ADDR", o.listen);
    set.add("framing", o.framing, "KIND",
            "newline, nul, length (4-byte big-endian) or octet-counting (RFC 6587)");
    set.add("max-message", o.max_message, "SIZE", "longer messages are refused");
    set.add("max-connections", o.max_connections, "N", "more at a time are refused");
    set.add("idle-timeout", o.idle_timeout, "TIME",
            "close a connection that sends nothing for so long; 0: never");
    set.add("allow", o.allow, "CIDR", "networks that may connect; none given: all");
    set.add("topic", o.topic, "NAME", "the topic of all its messages, whatever they say");
}

class tcp_listener final : public listener {
public:
    tcp_listener(const listener_setting& setting, const tcp_options& options); // throws usage_error

    void open() override { acceptor_.open(); }
    bool share_port(bool shared) override { return acceptor_.share_port(shared); }
    void start() override { acceptor_.start(); }
    void stop() override { acceptor_.stop(); }
    void stop_now() override { acceptor_.stop_now(); }
    task_group& tasks() override { return tasks_; }
    std::string bound() const override { return acceptor_.bound(); }

protected:
    acceptor* accepts() override { return &acceptor_; }

private:
    task<> serve(std::shared_ptr<connection> peer);
    task<> take_rest(connection& peer, tcp_intake& intake);
    task<> hold_back(connection& peer, batch_ptr fresh);
    static batch_ptr read(stream_socket& socket, tcp_intake& intake,
                          boost::system::error_code& fault);

    listener_setting setting_;
    tcp_options options_;
    task_group tasks_{"tcp"};
    acceptor acceptor_;
};

} // namespace weir
