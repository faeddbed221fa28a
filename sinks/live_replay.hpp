// What a client that asked for last= or since= is sent before it follows the stream that all share:
// from the history, encoded for it alone, one step at a time, so that it costs the memory of one
// step however much it asked for. Owned by the client, used on its thread alone; knows no socket.
//
//     the stream() is written?  step(): there is more in it, or it is over, or it has to wait
#pragma once

#include "sinks/frame_backlog.hpp"
#include "sinks/live_encoding.hpp"
#include "sinks/live_history.hpp"
#include "sinks/live_query.hpp"
#include "sinks/live_seek.hpp"

#include <cstddef>
#include <cstdint>

namespace weir {

class live_replay {
public:
    static constexpr std::size_t step_bytes = 256 * 1024; // of frames, and one frame more

    // `end` is the number up to which the shared stream is, here and below. Both outlive this.
    live_replay(const live_history& history, const live_encoding& encoding, live_start from,
                std::uint64_t end);

    enum class outcome {
        more,     // ask again; perhaps there is something to write first
        wait,     // this client has seen more than the shared stream has brought here yet
        over,     // go on at the end of the shared stream
        overtaken // likewise, but missed() events were given up before their turn came
    };
    outcome step(std::uint64_t end);

    const frame_backlog& stream() const { return stream_; }
    std::uint64_t missed() const { return missed_; }

private:
    const live_history& history_;
    const live_encoding& encoding_;
    frame_backlog stream_;
    live_seek seek_;
    std::uint64_t next_; // event
    bool begun_ = false;
    std::uint64_t missed_ = 0;
};

} // namespace weir
