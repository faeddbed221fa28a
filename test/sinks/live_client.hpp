// A client of the live stream on loopback TCP, as if its handshake were done. Reads when told to.
#pragma once

#include "base/http_routes.hpp"
#include "test/sinks/received_frames.hpp"

#include <cerrno>
#include <chrono>
#include <netinet/in.h>
#include <optional>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace weir::test {

class live_client {
public:
    // `buffer` bounds what the kernel holds for it, where it is not 0. The route may be that of
    // server-sent events: read it as text then.
    live_client(const http_route& live, io_executor where, int buffer = 0, std::string query = "",
                std::string last_event_id = "") {
        const int acceptor = ::socket(AF_INET, SOCK_STREAM, 0);
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof any;
        check(::bind(acceptor, reinterpret_cast<sockaddr*>(&any), size));
        check(::listen(acceptor, 1));
        check(::getsockname(acceptor, reinterpret_cast<sockaddr*>(&any), &size));
        fd_ = ::socket(AF_INET, SOCK_STREAM, 0);
        if (buffer > 0)
            check(::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer));
        check(::connect(fd_, reinterpret_cast<sockaddr*>(&any), size));
        const int server = ::accept(acceptor, nullptr, nullptr);
        check(server);
        ::close(acceptor);
        if (buffer > 0)
            check(::setsockopt(server, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer));
        using boost::asio::generic::stream_protocol;
        (live.websocket ? live.websocket : live.stream)(
            {stream_socket(where, stream_protocol(AF_INET, IPPROTO_TCP), server), "",
             std::move(query), nullptr, std::move(last_event_id)});
    }
    live_client(live_client&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), in_(std::move(other.in_)),
          text_(std::move(other.text_)), ended_(other.ended_) {}
    live_client& operator=(live_client&& other) noexcept {
        std::swap(fd_, other.fd_);
        std::swap(in_, other.in_);
        std::swap(text_, other.text_);
        std::swap(ended_, other.ended_);
        return *this;
    }
    ~live_client() {
        if (fd_ >= 0)
            ::close(fd_);
    }

    void send(opcode op, std::string_view payload) {
        std::string frame;
        append_masked_frame(frame, op, true, payload, {1, 2, 3, 4});
        send(frame);
    }
    void send(std::string_view bytes) {
        check(::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
    }

    // The next frame of those that are there already.
    std::optional<received_frame> frame() {
        received_frame next;
        if (in_.next(next))
            return next;
        char room[65'536];
        ssize_t n;
        while ((n = ::recv(fd_, room, sizeof room, MSG_DONTWAIT)) > 0) {
            in_.feed({room, static_cast<std::size_t>(n)});
            if (in_.next(next))
                return next;
        }
        ended_ = n == 0 || errno != EAGAIN;
        return std::nullopt;
    }

    // The next frame, waited for; none at the end, or where it takes far too long.
    std::optional<received_frame> wait() {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        while (std::chrono::steady_clock::now() < patience) {
            if (auto next = frame())
                return next;
            if (ended_)
                break;
            pollfd readable{fd_, POLLIN, 0};
            ::poll(&readable, 1, 1000);
        }
        return std::nullopt;
    }

    // Text up to a mark and with it, waited for; what there is at the end, or where it takes far
    // too long.
    std::string text(std::string_view mark) {
        const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        std::size_t end;
        while ((end = text_.find(mark)) == text_.npos) {
            pollfd readable{fd_, POLLIN, 0};
            ::poll(&readable, 1, 1000);
            char room[65'536];
            const ssize_t n = ::recv(fd_, room, sizeof room, MSG_DONTWAIT);
            if (n > 0)
                text_.append(room, static_cast<std::size_t>(n));
            ended_ = n == 0;
            if (ended_ || std::chrono::steady_clock::now() > patience)
                return std::exchange(text_, {});
        }
        std::string out = text_.substr(0, end + mark.size());
        text_.erase(0, out.size());
        return out;
    }

    bool ended() const { return ended_; }
    void shut() { ::shutdown(fd_, SHUT_WR); }

private:
    static void check(ssize_t result) {
        if (result < 0)
            throw std::runtime_error("the test's own socket failed");
    }

    int fd_ = -1;
    received_frames in_;
    std::string text_;
    bool ended_ = false;
};

} // namespace weir::test
