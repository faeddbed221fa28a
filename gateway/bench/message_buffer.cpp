#include "gateway/bench/message_buffer.hpp"

#include <array>
#include <cstring>
#include <fmt/format.h>

namespace weir::bench {

unit datagram_unit(const message_layout& layout) {
    unit datagram;
    datagram.bytes = make_message(layout, {});
    return datagram;
}

unit framed_unit(const message_layout& layout, framing kind) {
    const std::string message = make_message(layout, {});
    unit framed;
    if (kind == framing::nul)
        framed.bytes = message + '\0';
    else
        append_framed(framed.bytes, kind, message);
    if (kind == framing::length || kind == framing::octet_counting)
        framed.message_at = framed.bytes.size() - message.size();
    return framed;
}

unit websocket_unit(const message_layout& layout, masking_key key) {
    unit frame;
    frame.key = key;
    append_masked_frame(frame.bytes, opcode::text, true, make_message(layout, {}), key);
    frame.message_at = frame.bytes.size() - layout.size;
    return frame;
}

unit request_unit(const message_layout& layout, std::string_view host, std::string_view target,
                  std::size_t messages) {
    unit request;
    request.messages = messages;
    request.stride = layout.size + 1;
    const std::string_view newline = messages > 1 ? "\n" : "";
    const std::string_view type = messages > 1   ? "application/x-ndjson"
                                  : layout.timed ? "application/json"
                                                 : "text/plain";
    request.bytes = fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nContent-Type: {}\r\n"
                                "Content-Length: {}\r\n\r\n",
                                target, host, type, messages * (layout.size + newline.size()));
    request.message_at = request.bytes.size();
    for (std::size_t i = 0; i < messages; ++i)
        request.bytes.append(make_message(layout, {})).append(newline);
    return request;
}

message_buffer::message_buffer(const message_layout& layout, unit each, std::size_t units)
    : layout_(layout), unit_(std::move(each)), units_(units) {
    bytes_.reserve(units_ * unit_size());
    for (std::size_t i = 0; i < units_; ++i)
        bytes_ += unit_.bytes;
}

std::string message_buffer::masked(std::string text, std::size_t at) const {
    for (std::size_t i = 0; i < text.size(); ++i)
        text[i] = static_cast<char>(text[i] ^ unit_.key[(at + i) % unit_.key.size()]);
    return text;
}

void message_buffer::stamp(std::size_t units, unsigned from, std::uint64_t number,
                           std::uint64_t time) {
    if (!layout_.numbered)
        return;
    // All digits of a number but the last two stay the same for a hundred messages, and are written
    // as one piece.
    constexpr std::size_t high_width = number_width - 2;
    const std::size_t low_at = layout_.number_at + high_width;
    const std::string sender = masked(from_text(layout_, from), layout_.from_at);
    const std::string when = masked(time_text(time), layout_.time_at);
    const std::string zeros = masked("00", low_at);
    const std::string blank = masked(" ", low_at);

    std::size_t at = unit_.message_at; // of the next message
    std::size_t in_unit_left = unit_.messages;
    std::uint64_t left = units * unit_.messages;
    while (left > 0) {
        const std::string high = masked(number_text(layout_, number), layout_.number_at);
        for (std::uint64_t low = number % 100; low < 100 && left > 0; ++low, ++number, --left) {
            char* const message = bytes_.data() + at;
            std::memcpy(message + layout_.from_at, sender.data(), from_width);
            std::memcpy(message + layout_.number_at, high.data(), high_width);
            // '0' shares no bit with the digits' values: adding one to it is a XOR, as masking is.
            message[low_at] = static_cast<char>(zeros[0] ^ static_cast<char>(low / 10));
            message[low_at + 1] = static_cast<char>(zeros[1] ^ static_cast<char>(low % 10));
            if (layout_.timed) {
                std::memcpy(message + layout_.time_at, when.data(), time_width);
                if (number < 10)
                    message[low_at] = blank[0]; // no number in JSON begins with a zero
            }
            at += unit_.stride;
            if (--in_unit_left == 0) {
                in_unit_left = unit_.messages;
                at += unit_size() - unit_.messages * unit_.stride;
            }
        }
    }
}

} // namespace weir::bench
