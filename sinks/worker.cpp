#include "sinks/worker.hpp"

#include <csignal>
#include <pthread.h>
#include <sys/resource.h>

namespace weir {

void worker::stop() {
    context_.stop();
    if (thread_.joinable())
        thread_.join();
}

void worker::start(const std::string& name, priority how) {
    // Signals belong to the main thread; a write to a closed pipe is to say so by its error.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    thread_ = std::thread([this, how] {
        if (how == priority::low)
            setpriority(PRIO_PROCESS, 0, 19); // on Linux, of the calling thread alone
        context_.run();
    });
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    pthread_setname_np(thread_.native_handle(), name.substr(0, 15).c_str());
}

} // namespace weir
