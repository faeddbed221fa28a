// Where one client stands in the shared stream, and what it alone is to be told: gap notices,
// pongs and the close, each a whole frame, which wait until the frame under way is finished. A
// client that only follows the stream costs one number. Owned by the client, used on its shard's
// thread alone; knows no socket.
//
//     n = cursor.gather(backlog, buffers);  write them;  cursor.advance(bytes written);
#pragma once

#include "sinks/frame_backlog.hpp"

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace weir {

class frame_cursor {
public:
    explicit frame_cursor(std::uint64_t place) : place_(place) {} // where a frame begins

    // What is to be written next; 0 buffers: nothing. Needs at least three.
    std::size_t gather(const frame_backlog& backlog, std::span<iovec> to) const;
    void advance(std::size_t written); // at most what the last gather gave

    // Whole frames for this client alone, at the next boundary between frames.
    void say(const frame_backlog& backlog, std::string_view frames);
    void say_last(const frame_backlog& backlog, std::string_view frames); // nothing follows them

    // Goes on at the newest, behind a notice of what it missed. Returns how many events that are:
    // notices not yet begun are made one, so a client that never reads holds one notice.
    std::uint64_t skip(const frame_backlog& backlog);

    // Goes on at a place of another backlog, where a frame begins. Everything of the one it has
    // followed is written.
    void follow(std::uint64_t place) { place_ = place; }

    // The chunks from here on are still needed; what is under way is kept apart.
    std::uint64_t place() const { return place_; }
    bool ended() const { return last_; }
    bool done(const frame_backlog& backlog) const {
        return !aside_ && (last_ || place_ == backlog.end());
    }
    std::size_t unsaid() const { return aside_ ? aside_->own.size() - aside_->said : 0; }

private:
    // What comes before the stream goes on at place_. There only while there is something to say.
    struct aside {
        chunk_ptr pinned; // keeps `rest` where that is long
        std::string_view rest;
        std::string
            own; // frames, and before them the rest of the frame under way where it is short
        std::size_t said = 0;
        std::size_t notice = std::string::npos; // where `own` ends with a gap notice
        std::uint64_t missed = 0;               // what that says
    };
    aside& step_aside(const frame_backlog& backlog);
    void step_back_if_done();

    std::uint64_t place_;
    bool last_ = false;
    std::unique_ptr<aside> aside_;
};

} // namespace weir
