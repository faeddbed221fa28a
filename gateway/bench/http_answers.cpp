#include "gateway/bench/http_answers.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>
#include <charconv>

namespace weir::bench {

namespace {

constexpr std::string_view end_of_head = "\r\n\r\n";
constexpr std::size_t most_head = 64u << 10;

bool has_no_body(unsigned status) { return status == 204 || status == 304 || status / 100 == 1; }

bool read_number(std::string_view text, std::uint64_t& into) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), into);
    return fault == std::errc() && end == text.data() + text.size();
}

} // namespace

bool http_answers::feed(std::string_view bytes, std::vector<unsigned>& statuses) {
    while (!bytes.empty() || (in_body_ && body_left_ == 0)) {
        if (in_body_) {
            const auto skipped =
                static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, bytes.size()));
            bytes.remove_prefix(skipped);
            body_left_ -= skipped;
            if (body_left_ > 0)
                return true;
            in_body_ = false;
            if (status_ >= 200) // 100 is not the answer yet
                statuses.push_back(status_);
            continue;
        }
        if (head_.empty()) {
            const std::size_t end = bytes.find(end_of_head);
            if (end == bytes.npos) {
                head_ = bytes;
                return true;
            }
            if (!read_head(bytes.substr(0, end)))
                return false;
            bytes.remove_prefix(end + end_of_head.size());
            continue;
        }
        const std::size_t before = head_.size();
        head_ += bytes;
        const std::size_t end = head_.find(end_of_head, before < 3 ? 0 : before - 3);
        if (end == head_.npos)
            return head_.size() <= most_head;
        if (!read_head(std::string_view(head_).substr(0, end)))
            return false;
        bytes.remove_prefix(end + end_of_head.size() - before);
        head_.clear();
    }
    return true;
}

bool http_answers::read_head(std::string_view head) {
    if (head != last_head_) {
        if (!parse(head))
            return false;
        last_head_ = head;
    }
    in_body_ = true;
    body_left_ = length_;
    return true;
}

bool http_answers::parse(std::string_view head) {
    const std::size_t line_end = std::min(head.find("\r\n"), head.size());
    const std::string_view status_line = head.substr(0, line_end);
    std::uint64_t status = 0;
    if (!status_line.starts_with("HTTP/1.") || status_line.size() < 12 ||
        !read_number(status_line.substr(9, 3), status) || status == 101)
        return false;
    status_ = static_cast<unsigned>(status);
    length_ = 0;
    bool has_length = has_no_body(status_);
    for (std::size_t at = line_end; at < head.size();) {
        at += 2;
        const std::size_t end = std::min(head.find("\r\n", at), head.size());
        const std::string_view line = head.substr(at, end - at);
        at = end;
        const std::size_t colon = std::min(line.find(':'), line.size());
        if (has_no_body(status_) || !boost::beast::iequals(line.substr(0, colon), "Content-Length"))
            continue;
        std::string_view value = line.substr(std::min(colon + 1, line.size()));
        while (value.starts_with(' ') || value.starts_with('\t'))
            value.remove_prefix(1);
        while (value.ends_with(' ') || value.ends_with('\t'))
            value.remove_suffix(1);
        has_length = read_number(value, length_);
    }
    return has_length;
}

} // namespace weir::bench
