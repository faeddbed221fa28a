// The codecs of wire/ once more, over a whole stream at once and as plainly as can be, to compare
// the fast ones with. For tests and fuzzing.
#pragma once

#include "test/wire/feed.hpp"

namespace weir::test {

inline received delimited_reference(framing kind, std::size_t max, std::string_view stream) {
    received all;
    std::string message;
    const auto take = [&] {
        if (message.size() > max) {
            ++all.refused;
        } else if (!message.empty()) {
            all.messages.push_back(message);
        }
        message.clear();
    };
    for (const char c : stream) {
        if (c != (kind == framing::newline ? '\n' : '\0')) {
            message.push_back(c);
            continue;
        }
        if (kind == framing::newline && message.ends_with('\r')) {
            message.pop_back();
        }
        take();
    }
    take();
    return all;
}

inline received counted_reference(framing kind, std::size_t max, std::string_view stream) {
    received all;
    const auto fail = [&](decode_error error) {
        all.error = error;
        return all;
    };
    while (!stream.empty()) {
        std::uint64_t length = 0;
        if (kind == framing::length) {
            if (stream.size() < 4) {
                return fail(decode_error::bad_frame);
            }
            for (int i = 0; i < 4; ++i) {
                length =
                    length * 256 + static_cast<unsigned char>(stream[static_cast<unsigned>(i)]);
            }
            stream.remove_prefix(4);
        } else {
            const std::size_t digits =
                std::min(stream.find_first_not_of("0123456789"), stream.size());
            if (digits == 0 || digits > 10 || stream.front() == '0' || digits == stream.size() ||
                stream[digits] != ' ') {
                return fail(decode_error::bad_frame);
            }
            length = std::stoull(std::string(stream.substr(0, digits)));
            stream.remove_prefix(digits + 1);
        }
        if (length > max) {
            return fail(decode_error::too_long);
        }
        if (stream.size() < length) {
            return fail(decode_error::bad_frame);
        }
        if (length > 0) {
            all.messages.emplace_back(stream.substr(0, length));
        }
        stream.remove_prefix(length);
    }
    return all;
}

inline received framing_reference(framing kind, std::size_t max, std::string_view stream) {
    return kind == framing::newline || kind == framing::nul ? delimited_reference(kind, max, stream)
                                                            : counted_reference(kind, max, stream);
}

// RFC 3629, by its table of well-formed byte sequences.
inline bool is_utf8_reference(std::string_view s) {
    const auto in = [&](std::size_t i, unsigned low, unsigned high) {
        const unsigned byte = i < s.size() ? static_cast<unsigned char>(s[i]) : 0x100u;
        return byte >= low && byte <= high;
    };
    std::size_t i = 0;
    while (i < s.size()) {
        if (in(i, 0x00, 0x7f)) {
            i += 1;
        } else if (in(i, 0xc2, 0xdf) && in(i + 1, 0x80, 0xbf)) {
            i += 2;
        } else if (((in(i, 0xe0, 0xe0) && in(i + 1, 0xa0, 0xbf)) ||
                    (in(i, 0xed, 0xed) && in(i + 1, 0x80, 0x9f)) ||
                    ((in(i, 0xe1, 0xec) || in(i, 0xee, 0xef)) && in(i + 1, 0x80, 0xbf))) &&
                   in(i + 2, 0x80, 0xbf)) {
            i += 3;
        } else if (((in(i, 0xf0, 0xf0) && in(i + 1, 0x90, 0xbf)) ||
                    (in(i, 0xf1, 0xf3) && in(i + 1, 0x80, 0xbf)) ||
                    (in(i, 0xf4, 0xf4) && in(i + 1, 0x80, 0x8f))) &&
                   in(i + 2, 0x80, 0xbf) && in(i + 3, 0x80, 0xbf)) {
            i += 4;
        } else {
            return false;
        }
    }
    return true;
}

// One pass over whole frames; what ends within a frame is left out, but for a fault in its header.
class websocket_reference {
public:
    explicit websocket_reference(websocket_limits limits) : limits_(limits) {}

    received run(std::string_view stream) {
        while (all_.close == 0 && frame(stream)) {
        }
        return all_;
    }

private:
    bool fail(decode_error error, std::uint16_t code) {
        all_.error = error;
        return close(code);
    }
    bool close(std::uint16_t code) {
        all_.close = code;
        all_.replies += {'\x88', '\x02', static_cast<char>(code >> 8), static_cast<char>(code)};
        return false;
    }
    bool frame(std::string_view& s) {
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(s[i]); };
        if (s.size() < 2) {
            return false;
        }
        const bool fin = byte(0) >= 0x80;
        const int op = byte(0) % 16;
        const unsigned small = byte(1) % 128;
        const bool control = op >= 8;
        if (byte(0) / 16 % 8 != 0 || byte(1) < 0x80 || (op > 2 && op < 8) || op > 10 ||
            (control && (!fin || small > 125)) || (op == 0 && !open_) ||
            ((op == 1 || op == 2) && open_)) {
            return fail(decode_error::bad_frame, 1002);
        }
        const std::size_t extra = small < 126 ? 0 : small == 126 ? 2 : 8;
        const std::size_t head = 2 + extra + 4;
        if (s.size() < head) {
            return false;
        }
        std::uint64_t length = extra == 0 ? small : 0;
        for (std::size_t i = 0; i < extra; ++i) {
            length = length * 256 + byte(2 + i);
        }
        if ((extra == 2 && length < 126) || (extra == 8 && (length < 65536 || length >> 63))) {
            return fail(decode_error::bad_frame, 1002);
        }
        if (!control && fragments_ == limits_.max_fragments) {
            return fail(decode_error::too_many, 1008);
        }
        if (!control && message_.size() + length > limits_.max_message) {
            return fail(decode_error::too_long, 1009);
        }
        if (s.size() - head < length) {
            return false;
        }
        std::string payload;
        for (std::size_t i = 0; i < length; ++i) {
            payload.push_back(static_cast<char>(s[head + i] ^ s[head - 4 + i % 4]));
        }
        s.remove_prefix(head + length);
        return control ? take_control(op, payload) : take_data(op, fin, payload);
    }
    bool take_control(int op, const std::string& payload) {
        if (op == 9) {
            if (pings_++ == limits_.max_pings) {
                return fail(decode_error::too_many, 1008);
            }
            all_.replies += '\x8a';
            all_.replies += static_cast<char>(payload.size());
            all_.replies += payload;
        } else if (op == 8) {
            if (payload.empty()) {
                return close(1000);
            }
            if (payload.size() == 1) {
                return fail(decode_error::bad_frame, 1002);
            }
            const unsigned code = static_cast<unsigned char>(payload[0]) * 256u +
                                  static_cast<unsigned char>(payload[1]);
            const bool known =
                code >= 1000 && code <= 1014 && code != 1004 && code != 1005 && code != 1006;
            if (!known && (code < 3000 || code > 4999)) {
                return fail(decode_error::bad_frame, 1002);
            }
            if (!is_utf8_reference(payload.substr(2))) {
                return fail(decode_error::bad_utf8, 1007);
            }
            return close(static_cast<std::uint16_t>(code));
        }
        return true;
    }
    bool take_data(int op, bool fin, const std::string& payload) {
        text_ = op == 0 ? text_ : op == 1;
        open_ = !fin;
        message_ += payload;
        ++fragments_;
        if (!fin) {
            return true;
        }
        const std::string message = std::exchange(message_, {});
        fragments_ = 0;
        if (message.empty()) {
            ++all_.empty;
            return true;
        }
        if (text_ && !is_utf8_reference(message)) {
            return fail(decode_error::bad_utf8, 1007);
        }
        all_.messages.push_back(message);
        pings_ = 0;
        return true;
    }

    websocket_limits limits_;
    received all_;
    std::string message_;
    bool open_ = false;
    bool text_ = false;
    std::uint32_t fragments_ = 0;
    std::uint32_t pings_ = 0;
};

} // namespace weir::test
