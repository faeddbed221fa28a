#include "gateway/bench/grpc_frames.hpp"

namespace weir::bench {

namespace {

enum class type : std::uint8_t { data = 0, headers = 1, settings = 4, ping = 6, window_update = 8 };
constexpr std::uint8_t end_stream = 0x1;
constexpr std::uint8_t end_headers = 0x4;
constexpr std::uint8_t acknowledged = 0x1;

void append_number(std::string& to, std::uint64_t value, int bytes) {
    while (bytes-- > 0)
        to += static_cast<char>(value >> (8 * bytes) & 0xff);
}

std::string frame(type what, std::uint8_t flags, std::string_view payload) {
    std::string out;
    append_number(out, payload.size(), 3);
    out += static_cast<char>(what);
    out += static_cast<char>(flags);
    append_number(out, 0, 4); // the connection, or the stream that set_stream writes
    return out.append(payload);
}

std::string setting(unsigned which, std::uint32_t value) {
    std::string out;
    append_number(out, which, 2);
    append_number(out, value, 4);
    return out;
}

// A field of RFC 7541 that the peer's table is to keep, its name by number or, for 0, as text.
std::string kept_field(unsigned name, std::string_view text, std::string_view value) {
    std::string out(1, static_cast<char>(0x40 | name));
    if (name == 0)
        out.append(1, static_cast<char>(text.size())).append(text);
    return out.append(1, static_cast<char>(value.size())).append(value);
}

std::string varint(std::size_t value) {
    std::string out;
    for (; value >= 0x80; value >>= 7)
        out += static_cast<char>(value | 0x80);
    return out + static_cast<char>(value);
}

} // namespace

void set_stream(char* frame, std::uint32_t stream) {
    for (int i = 0; i < 4; ++i)
        frame[5 + i] = static_cast<char>(stream >> (24 - 8 * i) & 0xff);
}

grpc_frames::grpc_frames(std::string_view authority, bool one_event) {
    constexpr unsigned header_table_size = 1;
    constexpr unsigned enable_push = 2;
    preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" +
              frame(type::settings, 0, setting(header_table_size, 0) + setting(enable_push, 0)) +
              window_update((1u << 30));
    constexpr std::string_view post_http = "\x83\x86"; // :method and :scheme, of the static table
    const std::string_view path =
        one_event ? "/weir.v1.Ingest/Publish" : "/weir.v1.Ingest/PublishStream";
    std::string told(post_http);
    told += kept_field(4, {}, path);
    told += kept_field(1, {}, authority.substr(0, 126));
    told += kept_field(31, {}, "application/grpc");
    told += kept_field(0, "te", "trailers");
    first_headers = frame(type::headers, end_headers, told);
    headers = frame(type::headers, end_headers, std::string(post_http) + "\xc1\xc0\xbf\xbe");
    end = frame(type::data, end_stream, {});
}

unit grpc_unit(const message_layout& layout, std::string_view headers) {
    const std::string message = make_message(layout, {});
    const std::string field = "\x0a" + varint(message.size()); // Event.data
    std::string payload(1, '\0');                              // not compressed
    append_number(payload, field.size() + message.size(), 4);
    payload += field + message;
    unit event;
    event.bytes =
        std::string(headers) + frame(type::data, headers.empty() ? 0 : end_stream, payload);
    event.message_at = event.bytes.size() - message.size();
    return event;
}

std::string window_update(std::uint32_t more) {
    std::string payload;
    append_number(payload, more, 4);
    return frame(type::window_update, 0, payload);
}

std::string settings_taken() { return frame(type::settings, acknowledged, {}); }

std::string ping_answer(std::string_view eight_bytes) {
    return frame(type::ping, acknowledged, eight_bytes);
}

} // namespace weir::bench
