#include "wire/framing.hpp"

#include "wire/plain_lines.hpp"
#include "wire/record.hpp"

#include <cassert>
#include <limits>
#include <stdexcept>
#include <utility>

namespace weir {

namespace {

constexpr std::size_t length_size = 4;
constexpr std::size_t max_digits = 10; // of an octet count

bool is_delimited(framing kind) { return kind == framing::newline || kind == framing::nul; }

// What stands before a message of a counted framing.
struct header {
    std::size_t size = 0;     // 0: not complete yet
    std::uint64_t length = 0; // of the message
    bool bad = false;
};

header read_length(const char* data, std::size_t size) {
    header h;
    if (size >= length_size) {
        h.size = length_size;
        for (std::size_t i = 0; i < length_size; ++i) {
            h.length = h.length << 8 | static_cast<unsigned char>(data[i]);
        }
    }
    return h;
}

header read_octet_count(const char* data, std::size_t size) {
    header h;
    for (std::size_t i = 0; i < size; ++i) {
        const char c = data[i];
        if (c == ' ' && i > 0) {
            h.size = i + 1;
            return h;
        }
        if (c < '0' || c > '9' || i == max_digits || (i == 0 && c == '0')) {
            h.bad = true;
            return h;
        }
        h.length = h.length * 10 + static_cast<unsigned>(c - '0');
    }
    return h;
}

} // namespace

decoded framer::decode(char* data, std::size_t size, message_ends& ends) {
    assert(size <= std::numeric_limits<std::uint32_t>::max());
    ends.clear();
    return is_delimited(kind_) ? decode_delimited(data, size, ends)
                               : decode_counted(data, size, ends);
}

std::size_t framer::without_cr(const char* data, std::size_t begin, std::size_t end) const {
    return kind_ == framing::newline && end > begin && data[end - 1] == '\r' ? end - 1 : end;
}

// Most streams need no byte moved: what is read is an arena up to its last newline. Within so few
// bytes no message can be too long.
bool framer::decode_plain(const char* data, std::size_t size, decoded& result) {
    if (kind_ != framing::newline || skipping_ || size > max_message_)
        return false;
    const char before = scanned_ > 0 ? data[scanned_ - 1] : '\n';
    const auto lines = count_plain_lines(data + scanned_, size - scanned_, before);
    if (!lines)
        return false;
    if (*lines > 0) {
        const auto* last = static_cast<const char*>(::memrchr(data, '\n', size));
        result.arena = result.tail = static_cast<std::size_t>(last - data) + 1;
        result.messages = *lines;
    }
    result.tail_size = scanned_ = size - result.tail;
    result.wanted = result.tail_size + 1;
    return true;
}

decoded framer::decode_delimited(char* data, std::size_t size, message_ends& ends) {
    assert(scanned_ <= size);
    decoded result;
    if (decode_plain(data, size, result))
        return result;
    const char delimiter = kind_ == framing::newline ? '\n' : '\0';
    std::size_t begin = 0;
    std::size_t scan = scanned_;
    while (scan < size) {
        const void* found = std::memchr(data + scan, delimiter, size - scan);
        if (found == nullptr) {
            break;
        }
        const auto delimiter_at = static_cast<std::size_t>(static_cast<const char*>(found) - data);
        const std::size_t length = without_cr(data, begin, delimiter_at) - begin;
        if (skipping_) {
            skipping_ = false; // this is its end, and it is counted already
        } else if (length > max_message_) {
            ++result.refused;
        } else if (length > 0) {
            if (result.arena != begin) {
                std::memmove(data + result.arena, data + begin, length);
            }
            const std::size_t end = result.arena + length;
            data[end] = '\n';
            if (kind_ == framing::nul) {
                note_end(ends, data, result.arena, end);
            }
            result.arena = end + 1;
            ++result.messages;
        }
        begin = scan = delimiter_at + 1;
    }
    // The last byte may be the CR of a terminator that has come by half: not counted as too long
    // yet.
    if (!skipping_ && without_cr(data, begin, size) - begin > max_message_) {
        skipping_ = true;
        ++result.refused;
    }
    result.tail = skipping_ ? size : begin;
    result.tail_size = scanned_ = size - result.tail;
    result.wanted = result.tail_size + 1;
    return result;
}

decoded framer::decode_counted(char* data, std::size_t size, message_ends& ends) {
    decoded result;
    std::size_t in = 0;
    for (;;) {
        const header next = kind_ == framing::length ? read_length(data + in, size - in)
                                                     : read_octet_count(data + in, size - in);
        if (next.bad || (next.size > 0 && next.length > max_message_)) {
            result.error = next.bad ? decode_error::bad_frame : decode_error::too_long;
            result.tail = size;
            return result;
        }
        const auto length = static_cast<std::size_t>(next.length);
        if (next.size == 0 || size - in - next.size < length) {
            result.tail = in;
            result.tail_size = size - in;
            result.wanted = next.size > 0              ? next.size + length
                            : kind_ == framing::length ? length_size
                                                       : result.tail_size + 1;
            return result;
        }
        in += next.size;
        if (length > 0) {
            std::memmove(data + result.arena, data + in, length);
            in += length;
            const std::size_t end = result.arena + length;
            data[end] = '\n'; // into the room its header has left
            note_end(ends, data, result.arena, end);
            result.arena = end + 1;
            ++result.messages;
        }
    }
}

decoded framer::finish(char* data, std::size_t size, message_ends& ends) {
    ends.clear();
    decoded result;
    result.tail = size;
    scanned_ = 0;
    if (std::exchange(skipping_, false) || size == 0) {
        return result;
    }
    if (!is_delimited(kind_)) {
        result.error = decode_error::bad_frame;
    } else if (size > max_message_) { // a CR that no LF followed belongs to the message
        ++result.refused;
    } else {
        data[size] = '\n';
        note_end(ends, data, 0, size);
        result.arena = size + 1;
        result.messages = 1;
    }
    return result;
}

void append_framed(std::string& out, framing kind, std::string_view message) {
    switch (kind) {
    case framing::newline:
        if (message.find('\n') == message.npos) {
            out.append(message);
        } else {
            append_escaped_record(out, message);
        }
        out.push_back('\n');
        return;
    case framing::length:
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.push_back(static_cast<char>(message.size() >> shift & 0xff));
        }
        out.append(message);
        return;
    case framing::octet_counting:
        out.append(std::to_string(message.size())).push_back(' ');
        out.append(message);
        return;
    case framing::nul:
        break;
    }
    throw std::invalid_argument("no record is written with nul framing");
}

} // namespace weir
