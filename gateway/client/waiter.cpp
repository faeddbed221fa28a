#include "gateway/client/waiter.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace weir::client {

namespace {

volatile std::sig_atomic_t signal_descriptor = -1;
volatile std::sig_atomic_t signals_came = 0;

void on_signal(int) {
    const int fault = errno;
    if (signals_came != 0)
        _exit(1);
    signals_came = 1;
    eventfd_write(signal_descriptor, 1);
    errno = fault;
}

void handle(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(signal, &action, nullptr);
}

int milliseconds_to(waiter::clock::time_point until) {
    if (until == waiter::clock::time_point::max())
        return -1;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - waiter::clock::now());
    return static_cast<int>(
        std::clamp<std::int64_t>(left.count(), 0, std::numeric_limits<int>::max()));
}

} // namespace

waiter::waiter(bool for_stdout_too)
    : signalled_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), for_stdout_(for_stdout_too) {
    check(signalled_.get(), "eventfd");
    signals_came = 0;
    signal_descriptor = signalled_.get();
    handle(SIGINT, on_signal);
    handle(SIGTERM, on_signal);
    handle(SIGPIPE, SIG_IGN);
}

waiter::~waiter() {
    handle(SIGINT, SIG_DFL);
    handle(SIGTERM, SIG_DFL);
}

bool waiter::wait(int descriptor, short events, clock::time_point until) {
    for (;;) {
        // poll() passes over negative descriptors, and tells of an error without being asked.
        std::array<pollfd, 4> waited{{{descriptor, events, 0},
                                      {told_ ? -1 : signalled_.get(), POLLIN, 0},
                                      {told_ || !for_stdout_ ? -1 : STDOUT_FILENO, 0, 0},
                                      {descriptor == watched_ ? -1 : watched_, POLLIN, 0}}};
        const int ready = ::poll(waited.data(), waited.size(), milliseconds_to(until));
        if (ready < 0 && errno != EINTR)
            check(ready, "poll");
        if (ready > 0 && (waited[1].revents != 0 || waited[2].revents != 0)) {
            told_ = true;
            throw stopped();
        }
        if (ready > 0 && waited[3].revents != 0)
            when_readable_();
        if (ready > 0 && waited[0].revents != 0)
            return true;
        if (ready == 0 && clock::now() >= until)
            return false;
    }
}

void waiter::watch(int descriptor, std::function<void()> when_readable) {
    watched_ = descriptor;
    when_readable_ = std::move(when_readable);
}

void waiter::sleep_until(clock::time_point until) { wait(-1, 0, until); }

} // namespace weir::client
