#include "gateway/bench/crew.hpp"

#include "base/unique_fd.hpp"

#include <csignal>
#include <exception>
#include <mutex>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <thread>
#include <unistd.h>

namespace weir::bench {

namespace {

constexpr int watch_interval = 250; // ms

// SIGINT and SIGTERM as something to poll, kept from this thread and those it starts as long as
// this lives.
class taken_signals {
public:
    taken_signals() {
        sigset_t set{};
        sigemptyset(&set);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGTERM);
        pthread_sigmask(SIG_BLOCK, &set, &before_);
        descriptor_ = unique_fd(signalfd(-1, &set, SFD_CLOEXEC));
        check(descriptor_.get(), "signalfd");
    }
    ~taken_signals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }

    int descriptor() const { return descriptor_.get(); }

private:
    sigset_t before_{};
    unique_fd descriptor_;
};

} // namespace

void run_crew(const std::vector<task>& tasks, const std::function<void()>& watch) {
    const taken_signals signals;
    const unique_fd returned(eventfd(0, EFD_CLOEXEC | EFD_SEMAPHORE));
    check(returned.get(), "eventfd");
    std::atomic<bool> stop{false};
    std::mutex guard;
    std::exception_ptr fault;

    std::vector<std::jthread> threads;
    for (const task& each : tasks)
        threads.emplace_back([&, run = &each] {
            prctl(PR_SET_TIMERSLACK, 1000); // ns: a sleep ends when it should, not 50 us later
            try {
                (*run)(stop);
            } catch (...) {
                const std::lock_guard hold(guard);
                fault = std::current_exception();
                stop = true;
            }
            eventfd_write(returned.get(), 1);
        });
    for (std::size_t running = tasks.size(); running > 0; watch()) {
        pollfd waited[] = {{returned.get(), POLLIN, 0}, {signals.descriptor(), POLLIN, 0}};
        ::poll(waited, std::size(waited), watch_interval);
        eventfd_t one = 0;
        if ((waited[0].revents & POLLIN) != 0 && eventfd_read(returned.get(), &one) == 0)
            --running;
        signalfd_siginfo info{};
        if ((waited[1].revents & POLLIN) != 0 &&
            read(signals.descriptor(), &info, sizeof info) > 0) {
            if (stop.exchange(true))
                _exit(1); // asked twice
        }
    }
    threads.clear();
    if (fault)
        std::rethrow_exception(fault);
}

} // namespace weir::bench
