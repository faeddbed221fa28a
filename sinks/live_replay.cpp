#include "sinks/live_replay.hpp"

#include "queues/topics.hpp"

#include <algorithm>
#include <memory>

namespace weir {

namespace {

constexpr std::size_t seek_bytes = 1024 * 1024; // looked through for topics, in one step

// How many of its last messages a batch has to give so that `wanted` of them are of these topics;
// takes what it finds off `wanted`.
std::size_t count_back(const batch& messages, const topic_filter& topics, std::uint64_t& wanted) {
    if (topics.empty()) {
        const auto found = std::min<std::uint64_t>(wanted, messages.size());
        wanted -= found;
        return found;
    }
    const batch_topics& of = topics_of(messages);
    std::size_t back = 0;
    for (; back < messages.size() && wanted > 0; ++back)
        if (topics.matches(of[messages.size() - 1 - back]))
            --wanted;
    return back;
}

} // namespace

live_replay::live_replay(const live_history& history, const live_encoding& encoding,
                         live_start from, std::uint64_t end)
    : history_(history), encoding_(encoding), stream_(encoding.format()), next_(end),
      wanted_(from.last.value_or(0)) {
    if (!from.since)
        return;
    if (*from.since < history.end()) {
        next_ = *from.since + 1;
        return;
    }
    // Nobody has seen that number in this run.
    next_ = 1;
    const auto notice = std::make_shared<frame_chunk>(encoding.format());
    notice->begin_with_notice(restart_notice);
    stream_.push(notice);
}

live_replay::outcome live_replay::step(std::uint64_t end) {
    stream_.trim(stream_.end());
    if (wanted_ > 0) {
        seek();
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

void live_replay::seek() {
    const auto found = history_.before(next_, seek_bytes);
    if (found.empty())
        wanted_ = 0; // fewer are held
    for (auto at = found.rbegin(); at != found.rend() && wanted_ > 0; ++at)
        next_ = at->end() - count_back(*at->messages, encoding_.topics(), wanted_);
}

} // namespace weir
