#include "wire/resp.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace weir {

namespace {

constexpr std::size_t worth_moving = 64 * 1024;

bool parse_integer(std::string_view text, std::int64_t& to) {
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), to);
    return fault == std::errc() && end == text.data() + text.size();
}

} // namespace

resp_reader::step resp_reader::fail() {
    faulty_ = true;
    return step::fault;
}

resp_reader::step resp_reader::next(resp_value& into) {
    while (!faulty_) {
        resp_value value;
        const step got = in_bulk_ ? bulk(value) : element(value);
        if (got == step::more)
            forget_read();
        if (got != step::value)
            return got;
        if (value.kind == resp_kind::array && value.number > 0) {
            const auto left = static_cast<std::size_t>(std::exchange(value.number, 0));
            open_.push_back({std::move(value), left});
        } else if (completes(value)) {
            into = std::move(value);
            bytes_ = elements_ = 0;
            return step::value;
        }
    }
    return step::fault;
}

// Puts a value into the array it stands in. True: it is a whole reply now.
bool resp_reader::completes(resp_value& value) {
    while (!open_.empty()) {
        unfinished& outer = open_.back();
        outer.array.items.push_back(std::move(value));
        if (--outer.left > 0)
            return false;
        value = std::move(outer.array);
        open_.pop_back();
    }
    return true;
}

void resp_reader::forget_read() {
    if (at_ < worth_moving && at_ < buffer_.size())
        return;
    buffer_.erase(0, at_);
    looked_ -= at_;
    at_ = 0;
}

bool resp_reader::take_line(std::string_view& line, bool& too_long) {
    const std::size_t end = buffer_.find("\r\n", looked_);
    const std::size_t most = limits_.line + 1; // with the byte that says what it is
    too_long = end == buffer_.npos ? buffer_.size() - at_ > most + 1 : end - at_ > most;
    if (end == buffer_.npos) {
        // The last byte may be the CR of an end whose LF is still to come.
        looked_ = std::max(at_, buffer_.size() - (buffer_.size() > at_ ? 1 : 0));
        return false;
    }
    line = std::string_view(buffer_).substr(at_, end - at_);
    at_ = looked_ = end + 2;
    return true;
}

resp_reader::step resp_reader::element(resp_value& into) {
    std::string_view line;
    bool too_long = false;
    const bool whole = take_line(line, too_long);
    if (too_long)
        return fail();
    if (!whole)
        return step::more;
    if (line.empty() || ++elements_ > limits_.elements)
        return fail();
    return begin(line.front(), line.substr(1), into);
}

resp_reader::step resp_reader::begin(char type, std::string_view line, resp_value& into) {
    switch (type) {
    case '+':
    case '-':
        bytes_ += line.size();
        if (bytes_ > limits_.bytes || line.find_first_of("\r\n") != line.npos)
            return fail();
        into.kind = type == '+' ? resp_kind::status : resp_kind::error;
        into.text = line;
        return step::value;
    case ':':
        into.kind = resp_kind::integer;
        return parse_integer(line, into.number) ? step::value : fail();
    case '$':
    case '*':
        break;
    default:
        return fail();
    }
    std::int64_t size = 0;
    if (!parse_integer(line, size) || size < -1)
        return fail();
    if (size == -1)
        return step::value; // nil
    const auto wanted = static_cast<std::size_t>(size);
    if (type == '$') {
        if (wanted > limits_.bytes - std::min(bytes_, limits_.bytes))
            return fail();
        bytes_ += wanted;
        in_bulk_ = true;
        bulk_size_ = wanted;
        return bulk(into);
    }
    if (wanted > limits_.elements - elements_ || open_.size() >= limits_.depth)
        return fail();
    into.kind = resp_kind::array;
    into.number = size; // for next() alone
    return step::value;
}

resp_reader::step resp_reader::bulk(resp_value& into) {
    if (buffer_.size() - at_ < bulk_size_ + 2)
        return step::more;
    if (buffer_[at_ + bulk_size_] != '\r' || buffer_[at_ + bulk_size_ + 1] != '\n')
        return fail();
    into.kind = resp_kind::bulk;
    into.text.assign(buffer_, at_, bulk_size_);
    at_ += bulk_size_ + 2;
    looked_ = at_;
    in_bulk_ = false;
    return step::value;
}

void append_command(std::string& out, std::initializer_list<std::string_view> words) {
    out += '*';
    out += std::to_string(words.size());
    out += "\r\n";
    for (const std::string_view word : words) {
        out += '$';
        out += std::to_string(word.size());
        out += "\r\n";
        out += word;
        out += "\r\n";
    }
}

} // namespace weir
