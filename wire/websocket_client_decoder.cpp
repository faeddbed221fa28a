#include "wire/websocket_client_decoder.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::uint16_t no_code = 1005; // RFC 6455, section 7.1.5

std::uint64_t big_endian(std::string_view bytes) {
    std::uint64_t number = 0;
    for (const char each : bytes)
        number = number << 8 | static_cast<unsigned char>(each);
    return number;
}

// As far as it is known from what has come of it.
std::size_t header_size(std::string_view begun) {
    const int length = begun.size() < 2 ? 0 : begun[1] & 0x7f;
    return length == 127 ? 10 : length == 126 ? 4 : 2;
}

bool is_known(opcode op) {
    return op <= opcode::binary || (op >= opcode::close && op <= opcode::pong);
}

} // namespace

websocket_step websocket_client_decoder::next(std::string_view& bytes) {
    if (!fault_.empty())
        return websocket_step::fault;
    if (message_done_) {
        message_done_ = false;
        message_.clear();
    }
    for (;;) {
        if (!in_payload_) {
            if (!take_header(bytes))
                return websocket_step::more;
            if (const std::string_view wrong = check_header(); !wrong.empty())
                return fail(wrong);
            in_payload_ = true;
            control_.clear();
        }
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size()));
        (is_control(op_) ? control_ : message_).append(bytes.substr(0, size));
        bytes.remove_prefix(size);
        left_ -= size;
        if (left_ > 0)
            return websocket_step::more;
        in_payload_ = false;
        header_.clear();
        if (const websocket_step step = end_frame(); step != websocket_step::more)
            return step;
    }
}

bool websocket_client_decoder::take_header(std::string_view& bytes) {
    for (std::size_t wanted = header_size(header_); header_.size() < wanted;
         wanted = header_size(header_)) {
        const std::size_t size = std::min(wanted - header_.size(), bytes.size());
        header_.append(bytes.substr(0, size));
        bytes.remove_prefix(size);
        if (header_.size() < wanted)
            return false;
    }
    op_ = static_cast<opcode>(header_[0] & 0x0f);
    fin_ = (header_[0] & 0x80) != 0;
    left_ = header_.size() == 2 ? big_endian(header_) & 0x7f
                                : big_endian(std::string_view(header_).substr(2));
    return true;
}

std::string_view websocket_client_decoder::check_header() const {
    if ((header_[0] & 0x70) != 0)
        return "an extension that was not agreed on";
    if (!is_known(op_))
        return "a frame of an unknown kind";
    if ((header_[1] & 0x80) != 0)
        return "a masked frame from the server";
    if (is_control(op_))
        return !fin_ || left_ > max_control_payload ? "a control frame that is too long" : "";
    if ((header_.size() == 4 && left_ < 126) || (header_.size() == 10 && left_ < 65'536))
        return "a length not in its shortest form";
    if ((op_ == opcode::continuation) != in_message_)
        return in_message_ ? "a message within a message" : "a continuation of nothing";
    if (left_ > max_message_ - message_.size())
        return "a message that is too long";
    return {};
}

websocket_step websocket_client_decoder::end_frame() {
    if (!is_control(op_)) {
        in_message_ = !fin_;
        if (!fin_)
            return websocket_step::more;
        message_done_ = true;
        shown_ = message_;
        return websocket_step::message;
    }
    shown_ = control_;
    if (op_ == opcode::ping)
        return websocket_step::ping;
    if (op_ == opcode::pong)
        return websocket_step::pong;
    close_code_ = no_code;
    if (control_.empty())
        return websocket_step::close;
    close_code_ = static_cast<std::uint16_t>(big_endian(shown_.substr(0, 2)));
    if (control_.size() == 1 || !is_valid_close_code(close_code_))
        return fail("a Close with a code that may not be sent");
    shown_.remove_prefix(2);
    return websocket_step::close;
}

websocket_step websocket_client_decoder::fail(std::string_view why) {
    fault_ = why;
    shown_ = {};
    return websocket_step::fault;
}

} // namespace weir
