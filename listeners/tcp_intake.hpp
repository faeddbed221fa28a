// What one TCP connection holds of messages: the buffer it reads into, the unfinished rest of the
// last read, and the framing. Knows no socket. Used by its connection's thread alone.
//
// A connection that waits keeps only the rest, at most max-message and what its framing adds, so
// that ten thousand idle ones cost next to nothing; one that has much to say reads 256 KiB at once.
#pragma once

#include "base/books.hpp"
#include "queues/batch.hpp"
#include "wire/framing.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace weir {

class tcp_intake {
public:
    tcp_intake(source_id source, framing kind, std::size_t max_message, listener_books& books);

    // Where to read the next bytes into; valid until the next call.
    std::span<char> room();

    // The messages that `read` bytes in that room have completed, or null where they complete none.
    batch_ptr take(std::size_t read);

    // The stream has ended: a last message without its delimiter counts, half a frame is refused.
    batch_ptr finish();

    // The stream breaks off: what it has begun is refused for this reason.
    void abandon(refusal why);

    std::uint64_t bytes() const { return bytes_; } // taken in all
    bool broken() const { return broken_; } // refused for good: publish what was taken, then close

private:
    batch_ptr take(const decoded& found, char* data);

    batch_builder buffer_;
    framer framer_;
    listener_books& books_;
    message_ends ends_;
    source_id source_;
    bool broken_ = false;
    std::uint64_t bytes_ = 0;
    std::size_t rest_ = 0; // bytes at the front of the buffer that are no whole message yet
    std::size_t chunk_;    // how much to read at once
};

} // namespace weir
