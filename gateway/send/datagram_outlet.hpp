// A datagram a line, many a system call. Main thread.
#pragma once

#include "gateway/send/outlet.hpp"

#include <sys/socket.h>
#include <sys/uio.h>
#include <vector>

namespace weir::send {

class datagram_outlet : public outlet {
public:
    datagram_outlet(const send_options& o, client::waiter& waits);

    void send(line_block lines) override;
    void finish() override;

private:
    void send_gathered();
    void handle_fault(int fault);

    const send_options& options_;
    client::waiter& waits_;
    unique_fd socket_;
    std::vector<iovec> parts_; // a line each
    std::vector<mmsghdr> headers_;
};

} // namespace weir::send
