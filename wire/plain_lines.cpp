#include "wire/plain_lines.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::size_t block = 192; // at most 255, for a block's count has eight bits

struct seen {
    unsigned char lines = 0;
    unsigned char uneven = 0;
};

// Without branches and with counts as narrow as the bytes, so that the compiler makes vectors of
// it. Reads the byte before the first, too.
seen look(const char* data, std::size_t size) {
    seen all;
    for (std::size_t i = 0; i < size; ++i) {
        const char c = data[i];
        const char previous = data[i - 1];
        const auto ends = static_cast<unsigned char>(c == '\n');
        const auto odd = static_cast<unsigned char>((previous == '\n') | (previous == '\r'));
        all.lines = static_cast<unsigned char>(all.lines + ends);
        all.uneven = static_cast<unsigned char>(all.uneven | (ends & odd));
    }
    return all;
}

} // namespace

std::optional<std::size_t> count_plain_lines(const char* data, std::size_t size, char before) {
    if (size == 0)
        return 0;
    const bool ends = data[0] == '\n';
    if (ends && (before == '\n' || before == '\r'))
        return std::nullopt;
    std::size_t lines = ends ? 1 : 0;
    std::size_t at = 1;
    for (; size - at >= block; at += block) {
        const seen here = look(data + at, block);
        if (here.uneven != 0)
            return std::nullopt;
        lines += here.lines;
    }
    const seen rest = look(data + at, size - at);
    if (rest.uneven != 0)
        return std::nullopt;
    return lines + rest.lines;
}

} // namespace weir
