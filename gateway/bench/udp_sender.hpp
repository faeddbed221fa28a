// Datagrams, as many a system call as there are due: sendmmsg, and with --gso each of those is many
// datagrams that the kernel cuts apart.
#pragma once

#include "gateway/bench/message_buffer.hpp"
#include "gateway/bench/sender.hpp"

#include <sys/socket.h>
#include <sys/uio.h>

namespace weir::bench {

class udp_sender : public sender {
public:
    udp_sender(const send_options& o, const destination& to, unsigned thread);

    void run(const std::atomic<bool>& stop) override;

private:
    struct source {
        unique_fd socket;
        unsigned from;
        std::uint64_t left;
        std::uint64_t sent = 0;
    };
    void send(source& from, std::size_t count, const std::atomic<bool>& stop);
    void handle_fault(int fault);

    std::size_t a_header_; // datagrams, more than one with GSO
    message_buffer messages_;
    std::vector<iovec> parts_;
    std::vector<mmsghdr> headers_;
    std::vector<source> sources_;
};

} // namespace weir::bench
