#include "sinks/frame_cursor.hpp"

#include <algorithm>

namespace weir {

namespace {

// Up to here the rest of a frame is copied, so that a slow client does not keep a whole chunk for
// a few bytes; beyond, the chunk is kept, so that many slow clients share one long message.
constexpr std::size_t copied_rest = 4096;

} // namespace

std::size_t frame_cursor::gather(const frame_backlog& backlog, std::span<iovec> to) const {
    std::size_t filled = 0;
    if (aside_) {
        const std::string_view own = std::string_view(aside_->own).substr(aside_->said);
        for (const std::string_view part : {aside_->rest, own})
            if (!part.empty())
                to[filled++] = {const_cast<char*>(part.data()), part.size()};
    }
    if (!last_ && place_ != backlog.end())
        filled += backlog.gather(place_, to.subspan(filled));
    return filled;
}

void frame_cursor::advance(std::size_t written) {
    if (aside_) {
        const std::size_t of_rest = std::min(written, aside_->rest.size());
        aside_->rest.remove_prefix(of_rest);
        written -= of_rest;
        const std::size_t of_own = std::min(written, unsaid());
        aside_->said += of_own;
        written -= of_own;
        step_back_if_done();
    }
    place_ += written;
}

// While there is an aside nothing of the stream is written, so place_ is at a boundary then.
frame_cursor::aside& frame_cursor::step_aside(const frame_backlog& backlog) {
    if (aside_)
        return *aside_;
    aside_ = std::make_unique<aside>();
    frame_backlog::rest under_way = backlog.rest_of_frame(place_);
    place_ += under_way.bytes.size();
    if (under_way.bytes.size() <= copied_rest) {
        aside_->own = under_way.bytes;
    } else {
        aside_->rest = under_way.bytes;
        aside_->pinned = std::move(under_way.chunk);
    }
    return *aside_;
}

void frame_cursor::step_back_if_done() {
    if (aside_->rest.empty() && unsaid() == 0)
        aside_.reset();
}

void frame_cursor::say(const frame_backlog& backlog, std::string_view frames) {
    if (last_)
        return;
    aside& to = step_aside(backlog);
    to.own += frames;
    to.notice = std::string::npos;
    step_back_if_done();
}

void frame_cursor::say_last(const frame_backlog& backlog, std::string_view frames) {
    say(backlog, frames);
    last_ = true;
}

std::uint64_t frame_cursor::skip(const frame_backlog& backlog) {
    if (last_)
        return 0;
    aside& to = step_aside(backlog);
    const std::uint64_t missed = backlog.events_from(place_);
    place_ = backlog.end();
    if (missed == 0) {
        step_back_if_done();
        return 0;
    }
    if (to.notice != std::string::npos && to.said <= to.notice) {
        to.own.resize(to.notice);
        to.missed += missed;
    } else {
        to.notice = to.own.size();
        to.missed = missed;
    }
    append_gap(to.own, backlog.format(), to.missed);
    return missed;
}

} // namespace weir
