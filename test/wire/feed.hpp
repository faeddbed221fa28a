// Feeds a stream to an in-place decoder piece by piece, as a connection does, and checks every
// promise of wire/decoded.hpp on the way. Each buffer is exactly as large as what it holds, so that
// the address sanitizer sees one byte too many. A broken promise throws std::logic_error. For tests
// and fuzzing.
#pragma once

#include "wire/framing.hpp"
#include "wire/websocket_decoder.hpp"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

// All that came out of a whole stream.
struct received {
    std::vector<std::string> messages;
    std::size_t refused = 0;
    std::size_t empty = 0;
    decode_error error = decode_error::none;
    std::uint16_t close = 0;
    std::string replies;

    bool operator==(const received&) const = default;
};

inline std::ostream& operator<<(std::ostream& out, const received& r) {
    out << r.messages.size() << " messages, " << r.refused << " refused, " << r.empty << " empty, "
        << to_string(r.error) << ", close " << r.close << ", " << r.replies.size()
        << " bytes back:";
    for (const auto& message : r.messages) {
        out << " [" << message << "]";
    }
    return out;
}

inline void promise(bool kept, const char* what) {
    if (!kept) {
        throw std::logic_error(what);
    }
}

inline void collect(received& all, const char* data, const decoded& d, const message_ends& ends) {
    promise(ends.empty() || ends.size() == d.messages, "ends holds all messages or none");
    std::size_t begin = 0;
    bool inner_newline = false;
    for (std::size_t i = 0; i < d.messages; ++i) {
        const std::string_view rest(data + begin, d.arena - begin);
        const std::size_t length = ends.empty() ? rest.find('\n') : ends[i] - begin;
        promise(length > 0 && length < rest.size(), "no message is empty, each has a terminator");
        promise(rest[length] == '\n', "the terminator is a newline");
        const std::string_view message = rest.substr(0, length);
        inner_newline |= message.find('\n') != message.npos;
        all.messages.emplace_back(message);
        begin += length + 1;
    }
    promise(begin == d.arena, "the messages are the whole arena");
    promise(inner_newline == !ends.empty(), "ends stands only where it is needed");
    all.refused += d.refused;
    all.error = d.error;
}

// Calls decode(data, size, ends) for each piece, the pieces being as long as `next_piece()` says.
// Returns the tail that is left in the end. `overhead` is what a tail may hold beyond a message.
template <class Decode, class NextPiece>
std::string feed(received& all, std::string_view stream, std::size_t max_tail, Decode decode,
                 NextPiece next_piece) {
    std::string tail;
    std::size_t wanted = 0;
    message_ends ends;
    while (!stream.empty()) {
        const std::size_t piece = std::clamp<std::size_t>(next_piece(), 1, stream.size());
        const std::size_t size = tail.size() + piece;
        const std::unique_ptr<char[]> data(new char[size]);
        std::copy(tail.begin(), tail.end(), data.get());
        std::copy_n(stream.begin(), piece, data.get() + tail.size());
        stream.remove_prefix(piece);

        const decoded d = decode(data.get(), size, ends);
        promise(d.arena <= d.tail && d.tail + d.tail_size <= size,
                "arena, tail, size in this order");
        promise(d.tail_size <= max_tail, "the tail is bounded");
        promise(d.messages == 0 || size >= wanted, "nothing completes before it is wanted");
        collect(all, data.get(), d, ends);
        if (d.error != decode_error::none || all.close != 0) {
            promise(d.tail_size == 0, "nothing is kept when it is over");
            return {};
        }
        promise(d.wanted > d.tail_size, "something is wanted");
        wanted = d.wanted;
        tail.assign(data.get() + d.tail, d.tail_size);
    }
    return tail;
}

template <class NextPiece>
received feed_framer(framing kind, std::size_t max_message, std::string_view stream,
                     NextPiece next_piece) {
    framer codec(kind, max_message);
    received all;
    const auto decode = [&](char* data, std::size_t size, message_ends& ends) {
        return codec.decode(data, size, ends);
    };
    const std::string tail = feed(all, stream, max_message + 11, decode, next_piece);
    if (all.error == decode_error::none) {
        std::string last = tail + '?'; // the one byte of room that finish() asks for
        message_ends ends;
        collect(all, last.data(), codec.finish(last.data(), tail.size(), ends), ends);
    }
    return all;
}

template <class NextPiece>
received feed_websocket(websocket_limits limits, std::string_view stream, NextPiece next_piece) {
    websocket_decoder codec(limits);
    received all;
    const auto decode = [&](char* data, std::size_t size, message_ends& ends) {
        const websocket_decoded d = codec.decode(data, size, ends, all.replies);
        all.empty += d.empty;
        all.close = d.close;
        return static_cast<const decoded&>(d);
    };
    constexpr std::size_t overhead = 1 + 14 + max_control_payload;
    feed(all, stream, limits.max_message + overhead, decode, next_piece);
    return all;
}

// Ways to cut a stream.
inline auto whole() {
    return [] { return static_cast<std::size_t>(-1); };
}
inline auto bytewise() {
    return [] { return std::size_t{1}; };
}
inline auto cut_at(std::size_t first) {
    return [first, once = true]() mutable {
        return std::exchange(once, false) ? first : static_cast<std::size_t>(-1);
    };
}
// Pseudo-random lengths from 1 to `longest`, the same for the same seed.
inline auto random_pieces(std::uint32_t seed, std::size_t longest) {
    return [state = seed | 1u, longest]() mutable {
        state = state * 1664525u + 1013904223u;
        return std::size_t{1} + (state >> 8) % longest;
    };
}

// Feeds in every way there is to cut it in two, byte by byte and at random, and promises one
// result.
template <class Feed>
received feed_every_way(std::string_view stream, Feed feed_once) {
    const received result = feed_once(stream, whole());
    const auto same = [&](const received& other) {
        promise(other == result, "the result does not depend on how the stream is cut");
    };
    same(feed_once(stream, bytewise()));
    for (std::size_t i = 1; i < stream.size(); ++i) {
        same(feed_once(stream, cut_at(i)));
    }
    for (std::uint32_t seed = 0; seed < 8; ++seed) {
        same(feed_once(stream, random_pieces(seed * 977, 1 + seed * seed)));
    }
    return result;
}

} // namespace weir::test
