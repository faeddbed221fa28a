#include "listeners/grpc/connections.hpp"

#include <array>
#include <sys/epoll.h>

namespace weir {

namespace {

constexpr std::chrono::milliseconds between{250};

} // namespace

void grpc_connections::open() {
    set_ = unique_fd(::epoll_create1(EPOLL_CLOEXEC));
    check(set_.get(), "epoll_create1");
}

void grpc_connections::add(unique_fd socket, std::shared_ptr<void> admitted) {
    const int descriptor = socket.get();
    epoll_event event{};
    event.events = 0; // hang-ups and errors are always told
    event.data.fd = descriptor;
    const std::lock_guard lock(mutex_);
    if (::epoll_ctl(set_.get(), EPOLL_CTL_ADD, descriptor, &event) == 0)
        held_[descriptor] = {std::move(socket), std::move(admitted)};
}

void grpc_connections::sweep() {
    std::array<epoll_event, 256> events;
    for (int ready = 256; ready == 256;) {
        ready = ::epoll_wait(set_.get(), events.data(), 256, 0);
        const std::lock_guard lock(mutex_);
        for (int i = 0; i < ready; ++i) {
            const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
            ::epoll_ctl(set_.get(), EPOLL_CTL_DEL, descriptor,
                        nullptr); // gRPC may hold its own yet
            held_.erase(descriptor);
        }
    }
}

task<> grpc_connections::watch() {
    while (!stopping_) {
        timer_.expires_after(between);
        co_await timer_.async_wait(use_task_tuple);
        sweep();
    }
}

void grpc_connections::stop() {
    stopping_ = true;
    timer_.cancel();
}

} // namespace weir
