#include "sinks/frame_backlog.hpp"

#include <algorithm>

namespace weir {

void frame_backlog::push(chunk_ptr chunk) {
    const std::uint64_t begin = end_;
    end_ += chunk->bytes().size();
    const std::uint64_t before = events_;
    events_ += chunk->events();
    chunks_.push_back({std::move(chunk), begin, before});
}

void frame_backlog::trim(std::uint64_t place) {
    while (!chunks_.empty() && chunks_.front().end() <= place)
        chunks_.pop_front();
}

// The chunk that holds the byte at `place`, which must not be trimmed; the end for the newest.
std::deque<frame_backlog::entry>::const_iterator frame_backlog::find(std::uint64_t place) const {
    // Nearly always the newest: clients that keep up wait at its beginning.
    if (!chunks_.empty() && place >= chunks_.back().begin)
        return place < end_ ? chunks_.end() - 1 : chunks_.end();
    return std::partition_point(chunks_.begin(), chunks_.end(),
                                [place](const entry& each) { return each.end() <= place; });
}

std::size_t frame_backlog::gather(std::uint64_t place, std::span<iovec> to) const {
    std::size_t filled = 0;
    for (auto at = find(place); at != chunks_.end() && filled < to.size(); ++at) {
        const std::string_view bytes = at->chunk->bytes().substr(place - at->begin);
        to[filled++] = {const_cast<char*>(bytes.data()), bytes.size()};
        place = at->end();
    }
    return filled;
}

frame_backlog::rest frame_backlog::rest_of_frame(std::uint64_t place) const {
    const auto at = find(place);
    if (at == chunks_.end() || at->begin == place)
        return {};
    const std::size_t offset = place - at->begin;
    const frame_chunk::frame frame = at->chunk->frame_at(offset);
    if (frame.begin == offset)
        return {};
    return {at->chunk, at->chunk->bytes().substr(offset, frame.end - offset)};
}

std::uint64_t frame_backlog::events_from(std::uint64_t place) const {
    const auto at = find(place);
    if (at == chunks_.end())
        return 0;
    const std::uint64_t within = at->chunk->frame_at(place - at->begin).events_before;
    return events_ - at->events_before - within;
}

} // namespace weir
