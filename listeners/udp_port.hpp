// One socket of a UDP listener, on one executor: it waits until something is there, takes all of it
// in bursts, and publishes it as one batch.
//
// Under load it pauses before the next look, as a network card coalesces interrupts: a wake for
// every second datagram costs twice what the datagrams do.
#pragma once

#include "base/log.hpp"
#include "listeners/listener.hpp"
#include "listeners/udp_burst.hpp"
#include "listeners/udp_options.hpp"

#include <boost/asio/ip/udp.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>

namespace weir {

// Says when to pause: where datagrams come at more than 20,000 a second for several looks on end.
class udp_pacer {
public:
    using clock = std::chrono::steady_clock;
    static constexpr std::chrono::microseconds pause{500};

    bool busy(std::size_t datagrams, clock::time_point now = clock::now()) {
        const bool often = datagrams > 0 && now - last_ <= spacing * datagrams;
        last_ = now;
        often_ = often ? often_ + 1 : 0;
        return often_ >= 3;
    }

private:
    static constexpr std::chrono::microseconds spacing{50};
    clock::time_point last_{};
    std::size_t often_ = 0;
};

class udp_port {
public:
    udp_port(const listener_setting& setting, const udp_options& options, io_executor where);
    ~udp_port();
    udp_port(const udp_port&) = delete;
    udp_port& operator=(const udp_port&) = delete;

    // shared: others will be bound to the same address.
    boost::system::error_code open(const boost::asio::ip::udp::endpoint& where, bool shared);
    void share(bool shared); // whether others may be from now on; any thread
    boost::asio::ip::udp::endpoint bound() const;
    std::uint64_t receive_buffer() const; // as the kernel gave it

    io_executor executor() { return gate_.get_executor(); }
    task<> serve();
    task<> watch_drops();
    std::uint64_t count_waiting(); // what has arrived, and is gone with that; before serve
    // On the executor, or before it serves; what arrives from now on is for who shares the address.
    void turn_away();
    void stop(); // on the executor; takes what has arrived by then

private:
    using descriptor = boost::asio::posix::basic_stream_descriptor<io_executor>;

    bool try_open(const boost::asio::ip::udp::endpoint& where, bool shared);
    bool make_gate();
    void close();
    task<> readable();
    std::size_t drain(std::size_t most);
    std::size_t take(std::size_t slot);
    void take_one(std::string_view datagram, bool truncated);
    void publish();
    std::optional<std::uint32_t> memory_info(std::size_t which);
    void note_drops(std::uint32_t all);

    listener_setting setting_;
    const udp_options& options_;
    int socket_ = -1;
    descriptor gate_; // an epoll set with the socket in it, which fires once for each asking
    io_timer pause_;
    io_timer watch_;
    std::unique_ptr<udp_burst> burst_;
    batch_builder batch_;
    udp_pacer pacer_;
    std::uint32_t drops_ = 0; // as last seen; wraps
    bool stopping_ = false;
    log_limit limit_{"udp"};
};

} // namespace weir
