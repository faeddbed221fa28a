#include "gateway/bench/grpc_answers.hpp"

#include "gateway/bench/grpc_frames.hpp"

#include <algorithm>
#include <utility>

namespace weir::bench {

namespace {

enum type : std::uint8_t { data, headers, priority, reset, settings, push, ping, goaway, windows };
constexpr std::uint8_t end_stream = 0x1; // and, of settings and pings: it is an answer
constexpr std::uint8_t end_headers = 0x4;
constexpr std::uint8_t padded = 0x8;
constexpr std::uint8_t with_priority = 0x20;
constexpr std::size_t longest_frame = 16'384; // nobody was told that it may be more
constexpr std::uint32_t report_after = 1u << 20;

std::uint32_t number(std::string_view bytes) {
    std::uint32_t value = 0;
    for (const char each : bytes)
        value = value << 8 | static_cast<std::uint8_t>(each);
    return value;
}

// gRPC's status for how a call was cut off.
unsigned status_of_reset(std::uint32_t code) {
    constexpr std::uint32_t refused_stream = 7;
    constexpr std::uint32_t cancel = 8;
    return code == refused_stream ? 14 : code == cancel ? 1 : 13;
}

// Summary.refused, of a message that is one; else 0.
std::uint64_t refused_in(std::string_view message) {
    std::uint64_t refused = 0;
    while (!message.empty()) {
        const char field = message.front();
        message.remove_prefix(1);
        std::uint64_t value = 0;
        for (unsigned shift = 0; !message.empty() && shift < 64; shift += 7) {
            const auto part = static_cast<std::uint8_t>(message.front());
            message.remove_prefix(1);
            value |= static_cast<std::uint64_t>(part & 0x7f) << shift;
            if (part < 0x80)
                break;
        }
        if (field == '\x10')
            refused = value;
    }
    return refused;
}

} // namespace

void grpc_answers::heard::clear() {
    ended.clear();
    refused.clear();
    windows.clear();
    initial_window = -1;
    replies.clear();
}

bool grpc_answers::feed(std::string_view bytes, heard& into) {
    std::string joined;
    if (!rest_.empty()) {
        joined = std::move(rest_.append(bytes));
        bytes = joined;
        rest_.clear();
    }
    while (bytes.size() >= http2_header) {
        const std::size_t length = number(bytes.substr(0, 3));
        if (length > longest_frame)
            return false;
        if (bytes.size() < http2_header + length)
            break;
        if (!take(bytes.substr(0, http2_header), bytes.substr(http2_header, length), into))
            return false;
        bytes.remove_prefix(http2_header + length);
    }
    rest_ = bytes;
    return true;
}

bool grpc_answers::take(std::string_view header, std::string_view payload, heard& into) {
    const auto flags = static_cast<std::uint8_t>(header[4]);
    const std::uint32_t stream = number(header.substr(5)) & 0x7fff'ffff;
    switch (static_cast<std::uint8_t>(header[3])) {
    case type::data:
        take_data(stream, payload, into);
        if (flags & end_stream)
            into.ended.push_back({stream, 2});
        return true;
    case type::headers: {
        if (!(flags & end_headers) || (flags & padded))
            return false;
        if (!(flags & end_stream))
            return true;
        if (flags & with_priority)
            payload.remove_prefix(std::min<std::size_t>(5, payload.size()));
        if (payload != last_block_ || last_block_.empty()) {
            if (!read_grpc_status(payload, last_status_))
                return false;
            last_block_ = payload;
        }
        into.ended.push_back({stream, last_status_});
        return true;
    }
    case type::reset:
        into.ended.push_back({stream, status_of_reset(number(payload.substr(0, 4)))});
        return true;
    case type::settings: {
        constexpr std::uint32_t initial_window_size = 4;
        if (flags & end_stream)
            return true;
        for (; payload.size() >= 6; payload.remove_prefix(6))
            if (number(payload.substr(0, 2)) == initial_window_size)
                into.initial_window = number(payload.substr(2, 4));
        into.replies += settings_taken();
        return true;
    }
    case type::ping:
        if (!(flags & end_stream))
            into.replies += ping_answer(payload);
        return true;
    case type::windows:
        into.windows.push_back({stream, number(payload.substr(0, 4)) & 0x7fff'ffff});
        return true;
    case type::push:
        return false;
    default: // a goaway is followed by the end; the rest is to be ignored
        return true;
    }
}

void grpc_answers::take_data(std::uint32_t stream, std::string_view payload, heard& into) {
    constexpr std::size_t prefix = 5;
    unreported_ += static_cast<std::uint32_t>(payload.size());
    if (unreported_ >= report_after)
        into.replies += window_update(std::exchange(unreported_, 0));
    if (payload.size() <= prefix)
        return;
    if (const std::uint64_t refused = refused_in(payload.substr(prefix)))
        into.refused.push_back({stream, refused});
}

} // namespace weir::bench
