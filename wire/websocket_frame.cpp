#include "wire/websocket_frame.hpp"

#include "wire/base64.hpp"

#include <algorithm>
#include <openssl/evp.h>
#include <stdexcept>

namespace weir {

namespace {

constexpr unsigned char fin_bit = 0x80;
constexpr unsigned char mask_bit = 0x80;

void append_header(std::string& out, opcode op, bool fin, std::uint64_t length,
                   unsigned char mask) {
    const auto byte = [&out](std::uint64_t value) {
        out.push_back(static_cast<char>(value & 0xff));
    };
    byte(static_cast<std::uint8_t>(op) | (fin ? fin_bit : 0u));
    int shift = 0; // of the highest byte of an extended length
    if (length < 126) {
        byte(mask | length);
        return;
    }
    if (length <= 0xffff) {
        byte(mask | 126u);
        shift = 8;
    } else {
        byte(mask | 127u);
        shift = 56;
    }
    for (; shift >= 0; shift -= 8) {
        byte(length >> shift);
    }
}

} // namespace

bool is_valid_close_code(std::uint16_t code) {
    return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) ||
           (code >= 3000 && code <= 4999);
}

void append_frame_header(std::string& out, opcode op, bool fin, std::uint64_t length) {
    append_header(out, op, fin, length, 0);
}

void append_frame(std::string& out, opcode op, std::string_view payload) {
    append_frame_header(out, op, true, payload.size());
    out.append(payload);
}

void append_close(std::string& out, std::uint16_t code, std::string_view reason) {
    std::size_t size = std::min(reason.size(), max_control_payload - 2);
    while (size < reason.size() && size > 0 && (reason[size] & 0xc0) == 0x80) {
        --size; // the byte after the cut continues a character
    }
    append_frame_header(out, opcode::close, true, 2 + size);
    out.push_back(static_cast<char>(code >> 8));
    out.push_back(static_cast<char>(code & 0xff));
    out.append(reason.substr(0, size));
}

void append_masked_frame(std::string& out, opcode op, bool fin, std::string_view payload,
                         masking_key key) {
    append_header(out, op, fin, payload.size(), mask_bit);
    out.append(key.data(), key.size());
    for (std::size_t i = 0; i < payload.size(); ++i) {
        out.push_back(static_cast<char>(payload[i] ^ key[i % key.size()]));
    }
}

std::string websocket_accept_key(std::string_view sec_websocket_key) {
    std::string text(sec_websocket_key);
    text += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    std::array<char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size,
                   EVP_sha1(), nullptr) != 1) {
        throw std::runtime_error("OpenSSL offers no SHA-1, which a WebSocket handshake needs");
    }
    std::string key;
    append_base64(key, {digest.data(), size});
    return key;
}

} // namespace weir
