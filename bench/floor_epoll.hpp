// The loop of the floors that serve connections: level-triggered epoll on one thread.
#pragma once

#include "floor.hpp"

#include <sys/epoll.h>

// Calls read_once(connection&) for each readable one until SIGTERM, and then until nothing is left;
// false from it closes the connection. Returns how many there were.
template <class Connection, class ReadOnce>
std::uint64_t serve(const char* port, ReadOnce read_once) {
    const int listener = listening_socket(port, SOCK_NONBLOCK);
    const int poll = check(epoll_create1(EPOLL_CLOEXEC), "epoll_create1");
    epoll_event event{EPOLLIN, {.ptr = nullptr}}; // the listener's is null
    check(epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event), "epoll_ctl");
    announce(listener);

    std::uint64_t connections = 0;
    for (;;) {
        epoll_event ready[256];
        const bool ending = stopped;
        const int n = epoll_wait(poll, ready, 256, ending ? 0 : longest_wait_ms);
        if (n < 0 && errno != EINTR)
            fail("epoll_wait");
        if (n == 0 && ending)
            return connections;
        for (int i = 0; i < n; ++i) {
            if (auto* from = static_cast<Connection*>(ready[i].data.ptr)) {
                if (!read_once(*from)) {
                    close(from->socket);
                    delete from;
                }
                continue;
            }
            const int accepted = accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
            if (accepted < 0 && errno == EMFILE)
                fail("accept");
            if (accepted < 0)
                continue;
            ++connections;
            event.data.ptr = new Connection{accepted};
            check(epoll_ctl(poll, EPOLL_CTL_ADD, accepted, &event), "epoll_ctl");
        }
    }
}
