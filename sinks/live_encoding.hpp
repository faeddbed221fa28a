// How the events of one channel are written: their form, with or without an envelope, which topics.
// Immutable, shared by the sink and the channel's shards; any thread.
#pragma once

#include "base/topic_filter.hpp"
#include "sinks/frame_chunk.hpp"
#include "sinks/live_query.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace weir {

class live_encoding {
public:
    // `listeners` are the names of the sources by number, filled before the first event; null: they
    // have none. It outlives this.
    explicit live_encoding(const live_key& key = {},
                           const std::vector<std::string>* listeners = nullptr);

    live_format format() const { return format_; }
    const topic_filter& topics() const { return topics_; }

    static constexpr std::size_t all = std::numeric_limits<std::size_t>::max();

    // Adds the messages of a batch from the one at `from` on, which is the chunk's next event, and
    // stops behind the one that fills the chunk to `most` bytes. Returns the index of the next.
    std::size_t add(const batch& messages, frame_chunk& to, std::size_t from = 0,
                    std::size_t most = all) const;

private:
    live_format format_;
    bool meta_;
    topic_filter topics_;
    const std::vector<std::string>* listeners_;
};

// One event in a form, without an envelope; `seq` is told where the form has a place for it.
void append_event(std::string& frames, live_format format, std::uint64_t seq,
                  std::string_view message);

} // namespace weir
