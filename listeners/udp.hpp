// The UDP listener: one datagram, one message, without the line end it may have. It never answers a
// datagram.
//
// Refused: longer than max-message (oversize), nothing in it (empty), not from the allow list, and
// what the kernel dropped because the receive buffer was full (kernel_drop; the kernel counts
// datagrams that it had coalesced before as one). UDP can't be held back: what a full queue that
// blocks does not take is refused as queue_full.
//
// A datagram goes to whatever is bound. What is opened at a port that it shares is therefore bound
// by one socket that hears nobody, until it is told to listen.
//
// Owned by the gateway; see listeners/listener.hpp. Each socket lives on an executor of its own.
#pragma once

#include "base/error.hpp"
#include "listeners/listener.hpp"
#include "listeners/udp_options.hpp"
#include "listeners/udp_port.hpp"

#include <memory>
#include <vector>

namespace weir {

class udp_listener final : public listener {
public:
    udp_listener(const listener_setting& setting, const udp_options& options); // throws usage_error

    void open() override;
    void listen() override;
    void abandon() override;
    bool share_port(bool shared) override;
    void start() override;
    void stop() override;
    void stop_now() override {} // stop takes no longer than what has arrived
    task_group& tasks() override { return tasks_; }
    std::string bound() const override { return bound_; }

private:
    boost::system::error_code open_all(boost::asio::ip::udp::endpoint where);
    boost::system::error_code open_deaf(const boost::asio::ip::udp::endpoint& where);
    startup_error cant_listen(const boost::system::error_code& fault) const;

    listener_setting setting_;
    udp_options options_;
    task_group tasks_{"udp"};
    std::vector<std::unique_ptr<udp_port>> ports_;
    std::unique_ptr<udp_port> deaf_; // holds the place until the others are bound
    boost::asio::ip::udp::endpoint place_;
    std::string bound_;
    bool shares_port_ = false;
};

} // namespace weir
