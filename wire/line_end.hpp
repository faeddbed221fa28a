// The line end that `echo` and its like put behind a message which needs none, for it comes in a
// packet or a body of its own: it is no part of the message. One LF, or CR LF, and no more.
#pragma once

#include <string_view>

namespace weir {

constexpr std::string_view without_line_end(std::string_view message) {
    if (message.ends_with('\n'))
        message.remove_suffix(message.ends_with("\r\n") ? 2 : 1);
    return message;
}

} // namespace weir
