// One frame of a topic stream, as ZeroMQ subscribers filter it by prefix: TOPIC SPACE PAYLOAD. The
// topic ends at the first space, so a space within it is written %20. Pure, usable from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

void append_frame_topic(std::string& out, std::string_view topic); // and its space

struct topic_frame {
    std::string topic; // may be empty
    std::string_view payload;
};

// Nothing where there is no space. The payload lies in `frame`.
std::optional<topic_frame> parse_topic_frame(std::string_view frame);

} // namespace weir
