#include "wire/websocket_decoder.hpp"

#include "wire/utf8.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cassert>
#include <cstring>
#include <limits>
#include <utility>

namespace weir {

namespace {

// Unmasks n bytes to a place that may overlap with them from before: each block is read whole
// before any of it is written. The large ones become vector instructions.
void unmask(char* to, const char* from, std::size_t n, masking_key key) {
    std::array<char, sizeof(std::uint64_t)> twice;
    for (std::size_t i = 0; i < twice.size(); ++i) {
        twice[i] = key[i % key.size()];
    }
    const auto mask = std::bit_cast<std::uint64_t>(twice);
    const auto blocks_of = [&]<std::size_t Words>() {
        std::array<std::uint64_t, Words> block;
        for (; n >= sizeof block; n -= sizeof block, to += sizeof block, from += sizeof block) {
            std::memcpy(block.data(), from, sizeof block);
            for (auto& word : block) {
                word ^= mask;
            }
            std::memcpy(to, block.data(), sizeof block);
        }
    };
    blocks_of.operator()<4>();
    blocks_of.operator()<1>();
    for (std::size_t i = 0; i < n; ++i) {
        to[i] = static_cast<char>(from[i] ^ key[i % key.size()]);
    }
}

std::uint16_t close_code_for(decode_error error) {
    switch (error) {
    case decode_error::too_long:
        return close_code::too_big;
    case decode_error::bad_utf8:
        return close_code::bad_utf8;
    case decode_error::too_many:
        return close_code::policy;
    default:
        return close_code::protocol_error;
    }
}

} // namespace

struct websocket_decoder::header {
    std::size_t size = 2;  // with the mask, as far as it is known
    bool started = false;  // the first two bytes are there
    bool complete = false; // all of it is
    bool fin = false;
    bool reserved = false;
    bool masked = false;
    opcode op = opcode::continuation;
    unsigned short_length = 0; // the 7 bits: 126 and 127 stand for a longer field
    std::uint64_t length = 0;
    masking_key key{};
};

struct websocket_decoder::progress {
    std::size_t in = 0;  // the next byte to decode
    std::size_t out = 0; // the end of the arena, where the message under way begins
    websocket_decoded& result;
    message_ends& ends;
    std::string& replies;
};

websocket_decoder::header websocket_decoder::read_header(const char* data, std::size_t size) {
    header h;
    if (size < h.size) {
        return h;
    }
    const auto byte = [data](std::size_t i) { return static_cast<unsigned char>(data[i]); };
    h.started = true;
    h.fin = (byte(0) & 0x80) != 0;
    h.reserved = (byte(0) & 0x70) != 0;
    h.op = static_cast<opcode>(byte(0) & 0x0f);
    h.masked = (byte(1) & 0x80) != 0;
    h.short_length = byte(1) & 0x7fu;
    const std::size_t length_size = h.short_length < 126 ? 0 : h.short_length == 126 ? 2 : 8;
    h.size += length_size + h.key.size();
    if (size < h.size) {
        return h;
    }
    h.complete = true;
    h.length = length_size == 0 ? h.short_length : 0;
    for (std::size_t i = 0; i < length_size; ++i) {
        h.length = h.length << 8 | byte(2 + i);
    }
    std::memcpy(h.key.data(), data + 2 + length_size, h.key.size());
    return h;
}

// As far as the header is there: what is wrong in its first two bytes is not waited out.
decode_error websocket_decoder::check(const header& frame) const {
    if (!frame.started) {
        return decode_error::none;
    }
    if (frame.reserved || !frame.masked) {
        return decode_error::bad_frame;
    }
    switch (frame.op) {
    case opcode::continuation:
        if (!in_message_) {
            return decode_error::bad_frame;
        }
        break;
    case opcode::text:
    case opcode::binary:
        if (in_message_) {
            return decode_error::bad_frame;
        }
        break;
    case opcode::close:
    case opcode::ping:
    case opcode::pong:
        return frame.fin && frame.short_length <= max_control_payload ? decode_error::none
                                                                      : decode_error::bad_frame;
    default:
        return decode_error::bad_frame;
    }
    if (!frame.complete) {
        return decode_error::none;
    }
    if ((frame.short_length == 126 && frame.length < 126) ||
        (frame.short_length == 127 && (frame.length <= 0xffff || frame.length >> 63 != 0))) {
        return decode_error::bad_frame;
    }
    if (fragments_ >= limits_.max_fragments) {
        return decode_error::too_many;
    }
    return frame.length > limits_.max_message - collected_ ? decode_error::too_long
                                                           : decode_error::none;
}

void websocket_decoder::begin_frame(const header& frame) {
    if (!in_message_) {
        in_message_ = true;
        text_ = frame.op == opcode::text;
    }
    ++fragments_;
    in_frame_ = true;
    fin_ = frame.fin;
    remaining_ = frame.length;
    key_ = frame.key;
}

void websocket_decoder::take_payload(char* data, std::size_t size, progress& at) {
    const auto n = static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, size - at.in));
    unmask(data + at.out + collected_, data + at.in, n, key_);
    at.in += n;
    collected_ += n;
    remaining_ -= n;
    in_frame_ = remaining_ > 0;
    if (in_frame_) {
        const masking_key from_here = key_;
        for (std::size_t i = 0; i < key_.size(); ++i) {
            key_[i] = from_here[(n + i) % key_.size()];
        }
    }
}

decode_error websocket_decoder::take_control(const header& frame, char* payload, progress& at) {
    unmask(payload, payload, frame.short_length, frame.key);
    const std::string_view body(payload, frame.short_length);
    if (frame.op == opcode::ping) {
        if (++pings_ > limits_.max_pings) {
            return decode_error::too_many;
        }
        append_frame(at.replies, opcode::pong, body);
    } else if (frame.op == opcode::close) {
        at.result.close = close_code::normal;
        if (!body.empty()) {
            if (body.size() < 2) {
                return decode_error::bad_frame;
            }
            at.result.close = static_cast<std::uint16_t>(static_cast<unsigned char>(body[0]) << 8 |
                                                         static_cast<unsigned char>(body[1]));
            if (!is_valid_close_code(at.result.close)) {
                return decode_error::bad_frame;
            }
            if (!is_utf8(body.substr(2))) {
                return decode_error::bad_utf8;
            }
        }
        append_close(at.replies, at.result.close);
    }
    return decode_error::none;
}

decode_error websocket_decoder::end_message(char* data, progress& at) {
    const std::size_t size = std::exchange(collected_, 0);
    fragments_ = 0;
    in_message_ = false;
    if (size == 0) {
        ++at.result.empty;
        return decode_error::none;
    }
    if (text_ && !is_utf8({data + at.out, size})) {
        return decode_error::bad_utf8;
    }
    const std::size_t end = at.out + size;
    data[end] = '\n'; // into the room that the tail or its header has left
    note_end(at.ends, data, at.out, end);
    at.out = end + 1;
    ++at.result.messages;
    pings_ = 0;
    return decode_error::none;
}

// One header, with its payload where it is a control frame's, or what is there of a data frame's
// payload. Returns 0, or how many bytes from at.in on it takes to get further.
std::uint64_t websocket_decoder::step(char* data, std::size_t size, progress& at) {
    if (in_frame_) {
        take_payload(data, size, at);
        if (in_frame_) {
            return remaining_;
        }
        at.result.error = fin_ ? end_message(data, at) : decode_error::none;
        return 0;
    }
    const header frame = read_header(data + at.in, size - at.in);
    at.result.error = check(frame);
    if (at.result.error != decode_error::none) {
        return 0;
    }
    const std::size_t payload = is_control(frame.op) ? frame.short_length : 0;
    if (size - at.in < frame.size + payload) {
        return frame.size + payload;
    }
    at.in += frame.size;
    if (is_control(frame.op)) {
        at.result.error = take_control(frame, data + at.in, at);
    } else {
        begin_frame(frame);
    }
    at.in += payload;
    return 0;
}

websocket_decoded websocket_decoder::decode(char* data, std::size_t size, message_ends& ends,
                                            std::string& replies) {
    assert(size <= std::numeric_limits<std::uint32_t>::max());
    ends.clear();
    websocket_decoded result;
    progress at{.in = in_message_ ? collected_ + 1 : 0,
                .out = 0,
                .result = result,
                .ends = ends,
                .replies = replies};
    std::uint64_t needed = 0;
    while (!closed_ && needed == 0) {
        needed = step(data, size, at);
        if (result.error != decode_error::none) {
            result.close = close_code_for(result.error);
            append_close(replies, result.close);
        }
        closed_ = result.close != 0;
    }
    result.arena = at.out;
    if (closed_) {
        result.tail = size;
        return result;
    }
    const std::size_t kept = in_message_ ? collected_ + 1 : 0;
    const std::size_t left = size - at.in;
    std::memmove(data + at.out + kept, data + at.in, left); // an unfinished header at most
    result.tail = at.out;
    result.tail_size = kept + left;
    result.wanted = kept + static_cast<std::size_t>(needed);
    return result;
}

} // namespace weir
