#include "sinks/live_replay.hpp"

#include <memory>

namespace weir {

live_replay::live_replay(const live_history& history, const live_encoding& encoding,
                         live_start from, std::uint64_t end)
    : history_(history), encoding_(encoding), stream_(encoding.format()),
      seek_(history, encoding.topics(), from, end), next_(seek_.first()) {
    if (!seek_.restarted())
        return;
    const auto notice = std::make_shared<frame_chunk>(encoding.format());
    notice->begin_with_notice(restart_notice);
    stream_.push(notice);
}

live_replay::outcome live_replay::step(std::uint64_t end) {
    stream_.trim(stream_.end());
    if (!seek_.found()) {
        seek_.step();
        next_ = seek_.first();
        return outcome::more;
    }
    if (next_ >= end)
        return next_ == end ? outcome::over : outcome::wait;
    const live_history::slice found = history_.read(next_, end, step_bytes);
    if (found.overtaken && begun_) {
        missed_ = end - next_;
        return outcome::overtaken;
    }
    begun_ = true;
    const auto chunk = std::make_shared<frame_chunk>(encoding_.format(), next_);
    if (found.missed > 0)
        chunk->begin_with_gap(found.missed);
    for (const live_history::entry& each : found.entries) {
        const std::size_t from = chunk->end() - each.first;
        if (encoding_.add(*each.messages, *chunk, from, step_bytes) < each.messages->size())
            break;
    }
    next_ = chunk->end();
    if (!chunk->empty())
        stream_.push(chunk);
    return outcome::more;
}

} // namespace weir
