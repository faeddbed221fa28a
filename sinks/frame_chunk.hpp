// Events as WebSocket frames (RFC 6455, section 5.2), encoded once for every client: a server's
// frames carry no mask, so they are the same bytes for all. Filled by one thread, then shared as
// const among the shards until the last client is past it.
//
// A message is one text frame, or one binary frame where it is not UTF-8. Where the queue gave up
// events before they got here, the chunk begins with a gap notice that stands for them:
//
//     {"weir":"gap","missed":N}
#pragma once

#include "queues/batch.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir {

class frame_chunk {
public:
    void begin_with_gap(std::uint64_t missed); // on an empty chunk, at most once
    void add(const batch& messages);

    bool empty() const { return bytes_.empty(); }
    std::string_view bytes() const { return bytes_; }
    std::uint64_t events() const { return events_; } // those that the notice stands for included

    struct frame {
        std::size_t begin = 0; // bytes of this chunk
        std::size_t end = 0;
        std::uint64_t events_before = 0; // of this chunk
    };
    // The frame that holds the byte at `offset` < bytes().size(). Walks all frames before it: there
    // is no table, because only a client that falls behind ever asks.
    frame frame_at(std::size_t offset) const;

private:
    std::string bytes_;
    std::uint64_t events_ = 0;
    std::uint64_t gap_ = 0; // events that the first frame stands for, where it is a notice
};

using chunk_ptr = std::shared_ptr<const frame_chunk>;

void append_gap(std::string& frames, std::uint64_t missed);

} // namespace weir
