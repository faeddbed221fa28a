// Where the lines go: one connection to the receiver, in its protocol. Every message that is handed
// over ends in the books. Main thread.
#pragma once

#include "gateway/client/byte_stream.hpp"
#include "gateway/send/line_source.hpp"
#include "gateway/send/options.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace weir::send {

// handed over = sent + refused, as long as no fault ended it.
struct send_books {
    std::uint64_t sent = 0;  // udp, tcp, ws: the kernel took it; http: answered with 2xx
    std::uint64_t bytes = 0; // of those, without framing
    std::map<std::string, std::uint64_t> refused; // by reason
    std::uint64_t errors = 0; // datagrams that were answered with 'nobody listens'

    std::uint64_t all_refused() const;
    void add_sent(const line_block& lines) {
        sent += lines.lines;
        bytes += lines.bytes.size() - lines.lines;
    }
};

class outlet {
public:
    virtual ~outlet() = default;

    // Sends them all, or throws connection_fault: then no more can be sent.
    virtual void send(line_block lines) = 0;
    // When all is sent: waits until the receiver has taken it, as far as the protocol can tell.
    virtual void finish() = 0;

    const send_books& books() const { return books_; }

protected:
    send_books books_;
};

// Connects. Throws connection_fault or startup_error.
std::unique_ptr<outlet> make_outlet(const send_options& o, client::waiter& waits);

} // namespace weir::send
