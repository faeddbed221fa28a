#include "wire/sse_parser.hpp"

#include <algorithm>
#include <charconv>

namespace weir {

namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t beside_data = 64; // "data: " and its like, on a line of the longest event

} // namespace

bool sse_parser::next(std::string_view& bytes) {
    while (!bytes.empty()) {
        if (after_cr_) {
            after_cr_ = false;
            if (bytes.front() == '\n') {
                bytes.remove_prefix(1);
                continue;
            }
        }
        const std::size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
        const std::size_t room = max_event_ + beside_data - line_.size();
        line_too_long_ = line_too_long_ || end > room;
        line_.append(bytes.substr(0, std::min(end, room)));
        if (end == bytes.size()) {
            bytes = {};
            return false;
        }
        after_cr_ = bytes[end] == '\r';
        bytes.remove_prefix(end + 1);
        if (end_line())
            return true;
    }
    return false;
}

bool sse_parser::end_line() {
    std::string_view line = line_;
    if (first_line_ && line.starts_with(byte_order_mark))
        line.remove_prefix(byte_order_mark.size());
    first_line_ = false;
    bool dispatched = false;
    const std::size_t colon = std::min(line.find(':'), line.size());
    if (line_too_long_) {
        // A comment may be as long as it likes, and a field that nobody knows, too.
        const std::string_view name = line.substr(0, colon);
        too_long_ = too_long_ || name == "data" || name == "event";
    } else if (line.empty()) {
        dispatched = dispatch();
    } else {
        std::string_view value = line.substr(std::min(colon + 1, line.size()));
        if (value.starts_with(' '))
            value.remove_prefix(1);
        take_field(line.substr(0, colon), value);
    }
    line_too_long_ = false;
    line_.clear();
    return dispatched;
}

void sse_parser::take_field(std::string_view name, std::string_view value) {
    if (name == "data") {
        has_data_ = true;
        too_long_ = too_long_ || data_.size() + value.size() > max_event_;
        if (!too_long_)
            data_.append(value).push_back('\n');
    } else if (name == "event") {
        too_long_ = too_long_ || value.size() > max_event_;
        type_ = too_long_ ? std::string_view() : value;
    } else if (name == "id") {
        if (value.find('\0') == value.npos)
            id_ = value;
    } else if (name == "retry" && !value.empty() &&
               std::ranges::all_of(value, [](char c) { return c >= '0' && c <= '9'; })) {
        std::uint32_t milliseconds = 0;
        const auto read = std::from_chars(value.data(), value.data() + value.size(), milliseconds);
        if (read.ec == std::errc()) // more than 49 days are none
            retry_ = std::chrono::milliseconds(milliseconds);
    }
}

bool sse_parser::dispatch() {
    last_id_ = id_;
    const bool whole = has_data_ && !too_long_;
    if (too_long_)
        ++oversize_;
    if (whole) {
        data_.pop_back(); // the last LF
        event_.type = type_.empty() ? "message" : type_;
        event_.data.swap(data_);
        event_.last_id = last_id_;
    }
    type_.clear();
    data_.clear();
    has_data_ = too_long_ = false;
    return whole;
}

} // namespace weir
