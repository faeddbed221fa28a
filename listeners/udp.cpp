#include "listeners/udp.hpp"

#include "listeners/listen_fault.hpp"

#include <boost/asio/post.hpp>

namespace weir {

namespace asio = boost::asio;
using asio::ip::udp;
using boost::system::error_code;

namespace {

constexpr std::uint64_t longest_datagram = 65'507;
constexpr unsigned most_sockets = 64;

} // namespace

udp_listener::udp_listener(const listener_setting& setting, const udp_options& options)
    : setting_(setting.with_topic(options.topic)), options_(options) {
    if (options.max_message.bytes == 0 || options.max_message.bytes > longest_datagram)
        throw usage_error("option max-message: must be from 1B to 65507B");
    if (options.sockets == 0 || options.sockets > most_sockets)
        throw usage_error("option sockets: must be from 1 to 64");
}

error_code udp_listener::open_all(udp::endpoint where) {
    ports_.clear();
    error_code fault;
    const bool shared = options_.sockets > 1 || shares_port_;
    if (shared && !shares_port_) {
        // Whoever else shares the port would take a part of the datagrams without a word.
        udp_port alone(setting_, options_, setting_.executors.next());
        fault = alone.open(where, false);
        if (!fault)
            where = alone.bound();
    }
    while (!fault && ports_.size() < options_.sockets) {
        ports_.push_back(std::make_unique<udp_port>(setting_, options_, setting_.executors.next()));
        fault = ports_.back()->open(where, shared);
        if (!fault)
            where = ports_.back()->bound();
    }
    return fault;
}

// Between the bind and the deafness is a moment; what comes in it is taken when this starts.
error_code udp_listener::open_deaf(const udp::endpoint& where) {
    deaf_ = std::make_unique<udp_port>(setting_, options_, setting_.executors.next());
    const error_code fault = deaf_->open(where, true);
    if (!fault) {
        deaf_->turn_away();
        place_ = where;
    }
    return fault;
}

startup_error udp_listener::cant_listen(const error_code& fault) const {
    return startup_error(listen_fault(setting_.books.listener, options_.listen, fault));
}

void udp_listener::open() {
    const address& wanted = options_.listen;
    const auto bind = [&](const udp::endpoint& where) {
        return shares_port_ && where.port() != 0 ? open_deaf(where) : open_all(where);
    };
    error_code fault = bind(resolve_udp(wanted));
    if (wanted.host.empty() && is_missing_v6(fault))
        fault = bind(udp::endpoint(udp::v4(), wanted.port));
    if (fault) {
        ports_.clear();
        deaf_.reset();
        throw cant_listen(fault);
    }
    const udp_port& first = deaf_ ? *deaf_ : *ports_.front();
    bound_ = to_string(deaf_ ? place_ : first.bound());
    const byte_size given{first.receive_buffer()};
    if (given.bytes < options_.rcvbuf.bytes)
        component_log("udp").warn("{}: the kernel gave a receive buffer of {} instead of {}; to "
                                  "allow it: sysctl -w net.core.rmem_max={}",
                                  bound_, to_string(given), to_string(options_.rcvbuf),
                                  options_.rcvbuf.bytes);
}

void udp_listener::listen() {
    if (!deaf_)
        return;
    if (const error_code fault = open_all(place_))
        throw cant_listen(fault);
}

void udp_listener::abandon() {
    const auto refuse = [&](udp_port& port) {
        setting_.books.refused_messages[refusal::closing].add(port.count_waiting());
    };
    for (const auto& port : ports_)
        refuse(*port);
    if (deaf_)
        refuse(*deaf_);
}

bool udp_listener::share_port(bool shared) {
    shares_port_ = shared;
    for (const auto& port : ports_)
        port->share(shared || options_.sockets > 1);
    return true;
}

void udp_listener::start() {
    if (deaf_) { // of what it holds and is to take this stops at once
        deaf_->stop();
        tasks_.spawn(deaf_->executor(), deaf_->serve());
    }
    for (const auto& port : ports_) {
        tasks_.spawn(port->executor(), port->serve());
        tasks_.spawn(port->executor(), port->watch_drops());
    }
}

void udp_listener::stop() {
    for (const auto& port : ports_)
        asio::post(port->executor(),
                   [port = port.get(), hands_over = shares_port_, held = tasks_.hold()] {
                       if (hands_over)
                           port->turn_away();
                       port->stop();
                   });
}

} // namespace weir
