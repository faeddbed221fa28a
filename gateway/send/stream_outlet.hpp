// Framed messages over TCP or a unix socket. Main thread.
#pragma once

#include "gateway/send/outlet.hpp"

#include <optional>

namespace weir::send {

class stream_outlet : public outlet {
public:
    stream_outlet(const send_options& o, client::waiter& waits)
        : options_(o), waits_(waits), stream_(std::in_place, o.to, o.access, waits) {}

    void send(line_block lines) override;
    // Closes its side and waits for the receiver's, or until its kernel has it all and nothing
    // happens any more.
    void finish() override;

private:
    void see_to_connection();

    const send_options& options_;
    client::waiter& waits_;
    std::optional<client::byte_stream> stream_;
    std::string framed_;
};

} // namespace weir::send
