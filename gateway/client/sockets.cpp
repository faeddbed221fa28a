#include "gateway/client/sockets.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/un.h>

namespace weir::client {

namespace {

constexpr timeval patience{10, 0}; // for a connection, and an answer to a handshake

[[noreturn]] void refuse(const url& to, std::string_view why) {
    throw startup_error(fmt::format("can't connect to {}: {}", to.shown(), why));
}

} // namespace

std::vector<destination::place> destination::look_up(const url& to) {
    std::vector<place> places;
    if (to.where.is_unix()) {
        sockaddr_un local{};
        local.sun_family = AF_UNIX;
        to.where.path.copy(local.sun_path, sizeof local.sun_path - 1);
        places.emplace_back();
        std::memcpy(&places[0].address, &local, places[0].size = sizeof local);
        return places;
    }
    addrinfo hints{};
    hints.ai_socktype = to.scheme == protocol::udp ? SOCK_DGRAM : SOCK_STREAM;
    const std::string host = to.host();
    addrinfo* list = nullptr;
    if (const int fault =
            getaddrinfo(host.c_str(), std::to_string(to.where.port).c_str(), &hints, &list))
        refuse(to, fmt::format("{} has no address ({})", host, gai_strerror(fault)));
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> found(list, freeaddrinfo);
    for (const addrinfo* each = list; each; each = each->ai_next) {
        places.emplace_back();
        std::memcpy(&places.back().address, each->ai_addr, places.back().size = each->ai_addrlen);
    }
    return places;
}

destination::destination(const url& to) : to_(to) {
    // A name like localhost may have two addresses, and the receiver listen at one of them.
    const std::vector<place> places = look_up(to);
    for (const place& each : places) {
        place_ = each;
        if (&each == &places.back() || to.scheme == protocol::udp)
            return;
        try {
            connect();
            return;
        } catch (const startup_error&) {
        }
    }
}

unique_fd destination::connect() const {
    const bool udp = to_.scheme == protocol::udp;
    unique_fd socket(
        ::socket(place_.address.ss_family, (udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_CLOEXEC, 0));
    if (!socket)
        refuse(to_, std::strerror(errno));
    if (!udp) {
        setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        setsockopt(socket.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        const int on = 1;
        setsockopt(socket.get(), IPPROTO_TCP, TCP_NODELAY, &on,
                   sizeof on); // a unix socket has none
    }
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&place_.address), place_.size) !=
        0)
        refuse(to_, errno == EINPROGRESS ? "nobody answers" : std::strerror(errno));
    return socket;
}

void set_nonblocking(const unique_fd& socket) {
    fcntl(socket.get(), F_SETFL, fcntl(socket.get(), F_GETFL) | O_NONBLOCK);
}

void send_all(const unique_fd& socket, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t sent = ::send(socket.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            throw startup_error(fmt::format("sending the handshake: {}", std::strerror(errno)));
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
}

readiness::readiness() : epoll_(epoll_create1(EPOLL_CLOEXEC)) {
    check(epoll_.get(), "epoll_create1");
}

void readiness::add(const unique_fd& socket, std::uint32_t number) {
    epoll_event wanted{};
    wanted.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
    wanted.data.u32 = number;
    check(epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket.get(), &wanted), "epoll_ctl");
}

std::span<const readiness::event> readiness::wait(std::chrono::steady_clock::time_point until) {
    const auto left =
        std::max(until - std::chrono::steady_clock::now(), std::chrono::steady_clock::duration(0));
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    const timespec time{ns / 1'000'000'000, ns % 1'000'000'000};
    const int count =
        epoll_pwait2(epoll_.get(), raw_.data(), static_cast<int>(raw_.size()), &time, nullptr);
    const std::size_t there = count > 0 ? static_cast<std::size_t>(count) : 0;
    for (std::size_t i = 0; i < there; ++i) {
        const std::uint32_t what = raw_[i].events;
        const bool ending = (what & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
        events_[i] = {raw_[i].data.u32, ending || (what & EPOLLIN) != 0,
                      (what & (EPOLLOUT | EPOLLERR)) != 0, ending};
    }
    return {events_.data(), there};
}

} // namespace weir::client
