// What one TCP connection holds of messages: its buffer and the framing. Knows no socket. Used by
// its connection's thread alone.
#pragma once

#include "base/books.hpp"
#include "listeners/intake_buffer.hpp"
#include "wire/framing.hpp"

#include <cstddef>
#include <span>

namespace weir {

class tcp_intake {
public:
    tcp_intake(const batch_origin& origin, framing kind, std::size_t max_message,
               listener_books& books)
        : buffer_(origin), framer_(kind, max_message), books_(books) {}

    // Where to read the next bytes into; valid until the next call.
    std::span<char> room() { return buffer_.room(); }

    // The messages that `read` bytes in that room have completed, or null where they complete none.
    batch_ptr take(std::size_t read);

    // The stream has ended: a last message without its delimiter counts, half a frame is refused.
    batch_ptr finish();

    // The stream breaks off: what it has begun is refused for this reason.
    void abandon(refusal why);

    std::uint64_t bytes() const { return bytes_; } // taken in all
    bool broken() const { return broken_; } // refused for good: publish what was taken, then close

private:
    batch_ptr settle(const decoded& found);

    intake_buffer buffer_;
    framer framer_;
    listener_books& books_;
    message_ends ends_;
    bool broken_ = false;
    std::uint64_t bytes_ = 0;
};

} // namespace weir
