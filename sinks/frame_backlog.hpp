// The newest part of the one stream of frames that all clients of a shard share. A place in it is
// the number of bytes before it since the stream began, so that a client's cursor is one number.
// Owned by a shard, used on its thread alone; knows no socket.
#pragma once

#include "sinks/frame_chunk.hpp"

#include <cstdint>
#include <deque>
#include <span>
#include <string_view>
#include <sys/uio.h>

namespace weir {

class frame_backlog {
public:
    explicit frame_backlog(live_format format = live_format::websocket) : format_(format) {}

    live_format format() const { return format_; } // of every chunk
    std::uint64_t begin() const { return chunks_.empty() ? end_ : chunks_.front().begin; }
    std::uint64_t end() const { return end_; } // the newest: where a client starts

    void push(chunk_ptr chunk);     // not an empty one
    void trim(std::uint64_t place); // drops the chunks that end at or before it

    // What stands from a place on, as far as `to` reaches. Returns how many buffers were filled.
    std::size_t gather(std::uint64_t place, std::span<iovec> to) const;

    // The rest of the frame that a place is within; empty where a frame begins there.
    struct rest {
        chunk_ptr chunk; // keeps the bytes
        std::string_view bytes;
    };
    rest rest_of_frame(std::uint64_t place) const;

    // Events from a place on, which must be where a frame begins, or the end.
    std::uint64_t events_from(std::uint64_t place) const;

private:
    struct entry {
        chunk_ptr chunk;
        std::uint64_t begin; // in bytes
        std::uint64_t events_before;
        std::uint64_t end() const { return begin + chunk->bytes().size(); }
    };
    std::deque<entry>::const_iterator find(std::uint64_t place) const;

    live_format format_;
    std::deque<entry> chunks_;
    std::uint64_t end_ = 0;
    std::uint64_t events_ = 0;
};

} // namespace weir
