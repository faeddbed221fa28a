#include "gateway/bench/message.hpp"

#include <algorithm>

namespace weir::bench {

namespace {

constexpr std::string_view before_from = "{\"from\":";
constexpr std::string_view before_number = ",\"n\":";
constexpr std::string_view before_time = ",\"t\":";
constexpr std::string_view before_pad = ",\"pad\":\"";
constexpr std::string_view end = "\"}";

constexpr std::size_t json_number_at = before_from.size() + from_width + before_number.size();
constexpr std::size_t json_time_at = json_number_at + number_width + before_time.size();
constexpr std::size_t json_pad_at = json_time_at + time_width + before_pad.size();
static_assert(json_pad_at <= stamp_end && json_pad_at + end.size() <= smallest_timed);

std::string padded(std::uint64_t value, std::size_t width, char fill) {
    std::string text(width, fill);
    do {
        text[--width] = static_cast<char>('0' + value % 10);
        value /= 10;
    } while (value > 0 && width > 0);
    return text;
}

// A number with padding on either side; nothing where there is anything else.
std::optional<std::uint64_t> read_padded(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && text[at] == ' ')
        ++at;
    const std::size_t digits = at;
    std::uint64_t value = 0;
    for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        value = value * 10 + static_cast<std::uint64_t>(text[at] - '0');
    if (at == digits || text.find_first_not_of(' ', at) != text.npos)
        return std::nullopt;
    return value;
}

} // namespace

message_layout::message_layout(std::size_t message_size)
    : size(message_size), numbered(size >= smallest_numbered), timed(size >= smallest_timed),
      from_at(timed ? before_from.size() : 0), number_at(timed ? json_number_at : from_width),
      time_at(json_time_at) {}

std::string from_text(const message_layout& layout, unsigned from) {
    if (layout.timed)
        return padded(from, from_width, ' ');
    return from < 1000 ? padded(from, from_width - 1, '0') + ' ' : padded(from, from_width, '0');
}

std::string number_text(const message_layout& layout, std::uint64_t number) {
    return padded(number, number_width, layout.timed ? ' ' : '0');
}

std::string time_text(std::uint64_t time) { return padded(time, time_width, '0'); }

std::string make_message(const message_layout& layout, const stamp& stamped) {
    std::string text;
    if (layout.timed) {
        text.append(before_from).append(from_text(layout, stamped.from));
        text.append(before_number).append(number_text(layout, stamped.number));
        text.append(before_time).append(time_text(stamped.time)).append(before_pad);
    } else if (layout.numbered) {
        text = from_text(layout, stamped.from) + number_text(layout, stamped.number);
    }
    const std::size_t behind = layout.timed ? end.size() : 0;
    text.append(layout.size - text.size() - behind, 'x');
    return text.append(end.substr(0, behind));
}

std::optional<stamp> read_stamp(std::string_view message, std::size_t size) {
    const message_layout layout(size);
    if (!layout.numbered || message.size() < std::min(size, stamp_end) ||
        message.starts_with('{') != layout.timed)
        return std::nullopt;
    const auto from = read_padded(message.substr(layout.from_at, from_width));
    const auto number = read_padded(message.substr(layout.number_at, number_width));
    if (!from || !number)
        return std::nullopt;
    if (!layout.timed)
        return stamp{static_cast<unsigned>(*from), *number, 0};
    const auto time = read_padded(message.substr(layout.time_at, time_width));
    if (!time || !message.starts_with(before_from))
        return std::nullopt;
    return stamp{static_cast<unsigned>(*from), *number, *time};
}

} // namespace weir::bench
