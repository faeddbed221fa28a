#include "gateway/client/websocket_handshake.hpp"

#include "wire/base64.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <random>

namespace weir::client {

namespace {

constexpr std::size_t most_head = 64u << 10;

// An answer's head, and what has come behind it.
std::string read_answer(const unique_fd& socket, const url& to, std::size_t& head_end) {
    std::string bytes;
    std::array<char, 4096> room;
    while ((head_end = bytes.find("\r\n\r\n")) == bytes.npos) {
        const ssize_t got = ::recv(socket.get(), room.data(), room.size(), 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0 || bytes.size() > most_head)
            throw startup_error(fmt::format("{} does not answer a WebSocket handshake{}", to.text,
                                            got >= 0 ? ""
                                            : errno == EAGAIN
                                                ? " in time"
                                                : fmt::format(": {}", std::strerror(errno))));
        bytes.append(room.data(), static_cast<std::size_t>(got));
    }
    head_end += 4;
    return bytes;
}

} // namespace

std::string random_websocket_key() {
    std::random_device source;
    std::string bytes;
    for (int i = 0; i < 16; ++i)
        bytes += static_cast<char>(source() & 0xff);
    std::string key;
    append_base64(key, bytes);
    return key;
}

std::string websocket_request(const url& to, std::string_view key, std::string_view fields) {
    return fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUpgrade: websocket\r\n"
                       "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                       "Sec-WebSocket-Key: {}\r\n{}\r\n",
                       to.target, to.host_header(), key, fields);
}

std::string upgrade_to_websocket(const unique_fd& socket, const url& to) {
    const std::string key = random_websocket_key();
    send_all(socket, websocket_request(to, key));
    std::size_t head_end = 0;
    std::string answer = read_answer(socket, to, head_end);
    const std::string status = answer.substr(0, answer.find("\r\n"));
    if (!status.starts_with("HTTP/1.1 101") || answer.find(websocket_accept_key(key)) > head_end)
        throw startup_error(fmt::format("{} is no WebSocket: it answers '{}'", to.text, status));
    return answer.substr(head_end);
}

masking_key random_masking_key() {
    std::random_device source;
    masking_key key;
    for (char& each : key)
        each = static_cast<char>(source() & 0xff);
    return key;
}

} // namespace weir::client
