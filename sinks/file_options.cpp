#include "sinks/file_options.hpp"

#include <charconv>
#include <fmt/format.h>

namespace weir {

framing wire_framing(file_framing kind) {
    switch (kind) {
    case file_framing::newline:
        return framing::newline;
    case file_framing::length:
        return framing::length;
    case file_framing::octet_counting:
        return framing::octet_counting;
    }
    return framing::newline;
}

void from_text(std::string_view text, fsync_policy& to) {
    to = {};
    if (text == "batch") {
        to.batch = true;
    } else if (text != "none") {
        try {
            to.every = parse_duration(text);
        } catch (const usage_error&) {
            throw usage_error("'" + std::string(text) +
                              "' is none of none, batch, or a time (10s)");
        }
    }
}

std::string to_text(const fsync_policy& value) {
    if (value.batch)
        return "batch";
    return value.every.count() > 0 ? to_string(value.every) : "none";
}

void from_text(std::string_view text, file_mode& to) {
    unsigned bits = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), bits, 8);
    if (fault != std::errc() || end != text.data() + text.size() || bits > 0777)
        throw usage_error("'" + std::string(text) + "' is no file mode (write 0644 or 600)");
    if ((bits & 0200) == 0)
        throw usage_error("'" + std::string(text) +
                          "' would not let weir itself write (write 0644 or 600)");
    to = {bits, true};
}

std::string to_text(const file_mode& value) { return fmt::format("{:04o}", value.bits); }

} // namespace weir
