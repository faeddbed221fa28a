// Connecting sockets and waiting for many of them. Plain system calls without Asio: a load
// generator shares the machine with what it measures, so each message may cost it next to nothing.
// Each object is used by one thread; addresses are looked up, and connections made, blocking.
#pragma once

#include "base/unique_fd.hpp"
#include "gateway/client/url.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <vector>

namespace weir::client {

// Where a URL leads to, looked up once for all connections.
class destination {
public:
    explicit destination(const url& to); // throws startup_error
    unique_fd connect() const;           // blocking; throws startup_error

    struct place {
        sockaddr_storage address{};
        socklen_t size = 0;
    };
    // Every address that a URL leads to, at least one. Throws startup_error.
    static std::vector<place> look_up(const url& to);

private:
    url to_;
    place place_;
};

void set_nonblocking(const unique_fd& socket);

// All of the bytes, or startup_error. For handshakes, on blocking sockets.
void send_all(const unique_fd& socket, std::string_view bytes);

// Edge-triggered readiness of many sockets, each known by a number.
class readiness {
public:
    readiness();

    void add(const unique_fd& socket, std::uint32_t number);

    struct event {
        std::uint32_t number;
        bool readable; // or ended
        bool writable;
        bool ending; // the last bytes may be there still, and no further edge comes
    };
    // Until something is ready or the time has come, whichever is first.
    std::span<const event> wait(std::chrono::steady_clock::time_point until);

private:
    unique_fd epoll_;
    std::array<epoll_event, 256> raw_{};
    std::array<event, 256> events_{};
};

} // namespace weir::client
