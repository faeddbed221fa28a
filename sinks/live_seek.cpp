#include "sinks/live_seek.hpp"

#include "queues/topics.hpp"

#include <algorithm>

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

live_seek::live_seek(const live_history& history, const topic_filter& topics, live_start from,
                     std::uint64_t end)
    : history_(history), topics_(topics), first_(end), wanted_(from.last.value_or(0)) {
    if (!from.since)
        return;
    restarted_ = *from.since >= history.end();
    first_ = restarted_ ? 1 : *from.since + 1;
}

void live_seek::step() {
    const auto found = history_.before(first_, seek_bytes);
    if (found.empty())
        wanted_ = 0; // fewer are held
    for (auto at = found.rbegin(); at != found.rend() && wanted_ > 0; ++at)
        first_ = at->end() - count_back(*at->messages, topics_, wanted_);
}

} // namespace weir
