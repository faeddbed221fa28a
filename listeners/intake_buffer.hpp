// What a connection that is decoded in place (wire/decoded.hpp) reads into: the unfinished rest of
// the last read, and room behind it. Knows no socket. Used by its connection's thread alone.
//
// A connection that waits keeps only the rest, so that ten thousand idle ones cost next to nothing;
// one that has much to say reads 256 KiB at once.
#pragma once

#include "queues/batch.hpp"
#include "wire/decoded.hpp"

#include <cstddef>
#include <span>

namespace weir {

class intake_buffer {
public:
    explicit intake_buffer(const batch_origin& origin) : arena_(origin), origin_(origin) {}

    // Where to read the next bytes into, at least so many; valid until the next call.
    std::span<char> room(std::size_t least = 1);

    // The rest and the `read` bytes behind it: to be decoded in place.
    std::span<char> filled(std::size_t read);

    // What was decoded there: the messages, or null where none is complete; the rest is kept.
    batch_ptr take(const decoded& found, const message_ends& ends);

    std::size_t rest() const { return rest_; }

private:
    static constexpr std::size_t least_chunk = 4u << 10;
    static constexpr std::size_t most_chunk = 256u << 10;

    batch_builder arena_;
    batch_origin origin_;
    std::size_t rest_ = 0;
    std::size_t chunk_ = least_chunk; // how much to read at once
};

} // namespace weir
