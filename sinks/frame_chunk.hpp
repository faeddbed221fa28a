// Events in one of the live stream's forms, encoded once for every client that asked for the same.
// Filled by one thread, then shared as const among the shards until the last client is past it.
//
// Added whole, a message is one WebSocket frame: text, or binary where it is not UTF-8. Every other
// form is sinks/live_encoding.hpp's to add. Where the queue gave up events before they got here,
// the chunk begins with a gap notice that stands for them:
//
//     {"weir":"gap","missed":N}
//
// A chunk covers the events with the numbers from first() to before end(), those that have no frame
// in it included: nobody of its clients asked for them.
#pragma once

#include "queues/batch.hpp"
#include "sinks/live_format.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace weir {

class frame_chunk {
public:
    explicit frame_chunk(live_format format = live_format::websocket, std::uint64_t first = 1)
        : format_(format), first_(first), end_(first) {}

    // Of these two at most one, once, on an empty chunk.
    void begin_with_gap(std::uint64_t missed);
    void begin_with_notice(std::string_view json);

    void add(const batch& messages); // as they are

    // The next event: append(std::string&) adds its frame, whole.
    template <class Append>
    void add_event(Append&& append) {
        append(bytes_);
        ++events_;
        ++end_;
    }
    void leave_out(std::uint64_t events) { end_ += events; }

    bool empty() const { return bytes_.empty(); }
    std::string_view bytes() const { return bytes_; }
    std::uint64_t events() const { return events_; } // those that the notice stands for included
    std::uint64_t first() const { return first_; }
    std::uint64_t end() const { return end_; }

    struct frame {
        std::size_t begin = 0; // bytes of this chunk
        std::size_t end = 0;
        std::uint64_t events_before = 0; // of this chunk
    };
    // The frame that holds the byte at `offset` < bytes().size(). Walks all frames before it: there
    // is no table, because only a client that falls behind ever asks.
    frame frame_at(std::size_t offset) const;

private:
    live_format format_;
    std::string bytes_;
    std::uint64_t first_;
    std::uint64_t end_;
    std::uint64_t events_ = 0;
    std::uint64_t gap_ = 0; // events that the first frame stands for, where it is a notice
};

using chunk_ptr = std::shared_ptr<const frame_chunk>;

} // namespace weir
