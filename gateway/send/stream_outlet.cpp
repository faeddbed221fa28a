#include "gateway/send/stream_outlet.hpp"

#include <algorithm>
#include <array>

namespace weir::send {

namespace {

constexpr std::chrono::minutes patience{10}; // with a receiver that takes nothing: back-pressure
constexpr std::chrono::seconds to_take{30};  // what is left in the end
constexpr std::chrono::seconds to_close{2};  // after all is taken

} // namespace

void stream_outlet::send(line_block lines) {
    see_to_connection();
    if (options_.kind == framing::newline) {
        stream_->write(lines.bytes, patience);
        books_.add_sent(lines);
        return;
    }
    framed_ = lines.bytes;
    if (options_.kind == framing::nul) {
        std::ranges::replace(framed_, '\n', '\0');
    } else {
        framed_.clear();
        for (std::string_view rest = lines.bytes; !rest.empty();) {
            const std::string_view line = rest.substr(0, rest.find('\n'));
            append_framed(framed_, options_.kind, line);
            rest.remove_prefix(line.size() + 1);
        }
    }
    stream_->write(framed_, patience);
    books_.add_sent(lines);
}

// A receiver may close a connection on which nothing came for long. Nothing of ours was under way.
void stream_outlet::see_to_connection() {
    std::array<char, 4096> room;
    while (const auto got = stream_->try_read(room.data(), room.size()))
        if (*got == 0)
            stream_.emplace(options_.to, options_.access, waits_);
}

void stream_outlet::finish() {
    using clock = client::waiter::clock;
    stream_->end_writing();
    std::array<char, 4096> room;
    const auto last = clock::now() + to_take;
    auto taken = clock::time_point::max();
    for (;;) {
        if (stream_->all_taken())
            taken = std::min(taken, clock::now());
        const bool over = taken != clock::time_point::max() && clock::now() >= taken + to_close;
        if (over)
            return;
        if (clock::now() >= last)
            throw client::connection_fault("the receiver does not take what is left");
        if (!stream_->wait_readable(clock::now() + std::chrono::milliseconds(100)))
            continue;
        if (const auto got = stream_->try_read(room.data(), room.size()); got && *got == 0)
            return;
    }
}

} // namespace weir::send
