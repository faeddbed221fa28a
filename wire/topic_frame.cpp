#include "wire/topic_frame.hpp"

namespace weir {

namespace {

constexpr std::string_view escaped_space = "%20";

} // namespace

void append_frame_topic(std::string& out, std::string_view topic) {
    for (const char c : topic) {
        if (c == ' ')
            out.append(escaped_space);
        else
            out.push_back(c);
    }
    out.push_back(' ');
}

std::optional<topic_frame> parse_topic_frame(std::string_view frame) {
    const std::size_t space = frame.find(' ');
    if (space == frame.npos)
        return std::nullopt;
    topic_frame found{std::string(frame.substr(0, space)), frame.substr(space + 1)};
    for (std::size_t at = 0; (at = found.topic.find(escaped_space, at)) != std::string::npos; ++at)
        found.topic.replace(at, escaped_space.size(), " ");
    return found;
}

} // namespace weir
