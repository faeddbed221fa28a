#include "wire/utf8.hpp"

#include <algorithm>
#include <simdjson.h>

namespace weir {

namespace {

// What may follow a first byte: how many bytes, and what the second of all may be.
struct sequence {
    std::size_t following;
    unsigned char least;
    unsigned char most;
};

sequence begun_by(unsigned char first) {
    if (first < 0xc2 || first > 0xf4)
        return {0, 0, 0};
    if (first < 0xe0)
        return {1, 0x80, 0xbf};
    if (first < 0xf0) {
        const unsigned char least = first == 0xe0 ? 0xa0 : 0x80; // no overlong forms
        const unsigned char most = first == 0xed ? 0x9f : 0xbf;  // no surrogates
        return {2, least, most};
    }
    const unsigned char least = first == 0xf0 ? 0x90 : 0x80;
    const unsigned char most = first == 0xf4 ? 0x8f : 0xbf; // nothing above U+10FFFF
    return {3, least, most};
}

// How many bytes at the front are the longest piece that could be a character.
std::size_t piece_length(std::string_view bytes, const sequence& wanted) {
    const std::size_t longest = std::min(bytes.size(), wanted.following + 1);
    std::size_t length = 1;
    for (; length < longest; ++length) {
        const auto byte = static_cast<unsigned char>(bytes[length]);
        const bool fits = length == 1 ? byte >= wanted.least && byte <= wanted.most
                                      : byte >= 0x80 && byte <= 0xbf;
        if (!fits)
            break;
    }
    return length;
}

} // namespace

bool is_utf8(std::string_view bytes) { return simdjson::validate_utf8(bytes); }

std::string repaired_utf8(std::string_view bytes) {
    if (is_utf8(bytes))
        return std::string(bytes);
    std::string out;
    out.reserve(bytes.size() + 16);
    while (!bytes.empty()) {
        const auto first = static_cast<unsigned char>(bytes.front());
        const sequence wanted = begun_by(first);
        const std::size_t length = piece_length(bytes, wanted);
        const bool whole = first < 0x80 || (wanted.following > 0 && length > wanted.following);
        out += whole ? bytes.substr(0, length) : std::string_view("\xef\xbf\xbd");
        bytes.remove_prefix(length);
    }
    return out;
}

} // namespace weir
