// The other side of a sender under test: takes connections on loopback, on a thread of its own, and
// does with them what the test says. Plain sockets, so that nothing of ours stands on both sides.
#pragma once

#include "wire/websocket_frame.hpp"

#include <functional>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace weir::test {

class receiver {
public:
    // `handle` is given the listening socket.
    explicit receiver(std::function<void(int listening)> handle)
        : listening_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        const int small = 4096; // so that senders are held back early
        ::setsockopt(listening_, SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof where;
        auto* const any = reinterpret_cast<sockaddr*>(&where);
        if (::bind(listening_, any, size) != 0 || ::listen(listening_, 64) != 0 ||
            ::getsockname(listening_, any, &size) != 0)
            throw std::runtime_error("the test's own socket failed");
        port_ = ntohs(where.sin_port);
        thread_ = std::thread(std::move(handle), listening_);
    }
    ~receiver() {
        ::shutdown(listening_, SHUT_RDWR); // wakes who accepts
        thread_.join();
        ::close(listening_);
    }
    receiver(const receiver&) = delete;
    receiver& operator=(const receiver&) = delete;

    std::string url(const std::string& scheme, const std::string& path = "") const {
        return scheme + "://127.0.0.1:" + std::to_string(port_) + path;
    }

private:
    int listening_;
    unsigned port_ = 0;
    std::thread thread_;
};

// What one connection sent next, at most `most` bytes; empty at its end.
inline std::string receive(int connection, std::size_t most) {
    std::string bytes(most, '\0');
    const ssize_t got = ::recv(connection, bytes.data(), most, 0);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return bytes;
}

inline void send(int connection, std::string_view bytes) {
    ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

// Up to and with the empty line behind a head, read byte by byte so that nothing behind it is.
inline std::string receive_head(int connection) {
    std::string head;
    while (!head.ends_with("\r\n\r\n")) {
        const std::string next = receive(connection, 1);
        if (next.empty())
            break;
        head += next;
    }
    return head;
}

// The server's side of a WebSocket handshake, and the frames that come in one piece with it.
inline void upgrade(int connection, std::string_view frames = {}) {
    const std::string head = receive_head(connection);
    const std::string_view name = "Sec-WebSocket-Key: ";
    const std::string key = head.substr(head.find(name) + name.size(), 24);
    std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                         "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                         websocket_accept_key(key) + "\r\n\r\n";
    send(connection, answer.append(frames));
}

// The frames of a client, unmasked: a plain reading of RFC 6455, section 5.2. Throws where one is
// not whole or not masked.
inline std::vector<std::pair<opcode, std::string>> client_frames(std::string_view bytes) {
    std::vector<std::pair<opcode, std::string>> frames;
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(bytes.at(at)); };
    while (!bytes.empty()) {
        const auto op = static_cast<opcode>(byte(0) & 0x0f);
        if ((byte(0) & 0x80) == 0 || (byte(1) & 0x80) == 0)
            throw std::runtime_error("not a whole, masked frame");
        std::size_t length = byte(1) & 0x7fu;
        std::size_t at = 2;
        if (length == 126) {
            length = byte(2) * 256u + byte(3);
            at = 4;
        }
        std::string payload(bytes.substr(at + 4, length));
        if (payload.size() < length)
            throw std::runtime_error("a frame is cut");
        for (std::size_t i = 0; i < length; ++i)
            payload[i] = static_cast<char>(payload[i] ^ bytes[at + i % 4]);
        frames.emplace_back(op, payload);
        bytes.remove_prefix(at + 4 + length);
    }
    return frames;
}

} // namespace weir::test
