#include "listeners/read_gate.hpp"

#include <algorithm>
#include <array>
#include <boost/system/system_error.hpp>
#include <cerrno>
#include <sys/epoll.h>

namespace weir {

namespace {

constexpr int most_at_once = 64; // then Asio's own have a turn

[[noreturn]] void fail(const char* what) {
    throw boost::system::system_error(errno, boost::system::system_category(), what);
}

} // namespace

boost::asio::execution_context::id read_gate::id;

read_gate::read_gate(boost::asio::execution_context& context)
    : service(context), context_(static_cast<boost::asio::io_context&>(context)),
      set_(context_.get_executor()) {}

read_gate::~read_gate() = default;

void read_gate::shutdown() {
    boost::system::error_code ignored;
    set_.close(ignored);
    while (!all_.empty()) { // giving up a wait ends its session, and so its watch
        watch& next = **all_.begin();
        all_.erase(&next);
        if (waiting* const left = std::exchange(next.waiting_, nullptr))
            left->abandon();
    }
}

void read_gate::open() {
    const int set = ::epoll_create1(EPOLL_CLOEXEC);
    if (set < 0)
        fail("epoll_create1");
    set_.assign(set);
}

// Only while somebody is watched, so that an empty gate keeps no io_context running.
void read_gate::listen() {
    if (std::exchange(listening_, true))
        return;
    set_.async_wait(descriptor::wait_read, [this](boost::system::error_code) {
        listening_ = false;
        if (all_.empty())
            return;
        std::array<epoll_event, most_at_once> events;
        const auto ready = static_cast<std::size_t>(
            std::max(0, ::epoll_wait(set_.native_handle(), events.data(), most_at_once, 0)));
        // Resuming one ends no other: each ends only in its own turn.
        for (std::size_t i = 0; i < ready; ++i)
            static_cast<watch*>(events[i].data.ptr)->signal(events[i].events);
        if (!all_.empty())
            listen();
    });
}

read_gate::watch::watch(io_executor where, int socket)
    : gate_(boost::asio::use_service<read_gate>(where.context())), executor_(where),
      socket_(socket) {
    if (!gate_.set_.is_open())
        gate_.open();
    epoll_event event{};
    event.events = EPOLLIN | EPOLLRDHUP | EPOLLET;
    event.data.ptr = this;
    if (socket >= 0 && ::epoll_ctl(gate_.set_.native_handle(), EPOLL_CTL_ADD, socket, &event) != 0)
        ready_ = true; // the read will say why
    gate_.all_.insert(this);
    gate_.listen();
}

read_gate::watch::~watch() {
    epoll_event unused{};
    ::epoll_ctl(gate_.set_.native_handle(), EPOLL_CTL_DEL, socket_, &unused);
    gate_.all_.erase(this);
    if (gate_.all_.empty()) {
        boost::system::error_code ignored;
        gate_.set_.cancel(ignored);
    }
}

// Not at once: whoever wakes a session may be one of its own callbacks, and goes with it.
void read_gate::watch::wake() {
    const auto give_up = [](waiting* unasked) { unasked->abandon(); };
    std::unique_ptr<waiting, decltype(give_up)> sleeper(std::exchange(waiting_, nullptr));
    if (sleeper)
        boost::asio::post(executor_,
                          [sleeper = std::move(sleeper)]() mutable { sleeper.release()->go_on(); });
}

// The end may come in one edge with the last bytes, and then has none of its own.
void read_gate::watch::signal(std::uint32_t events) {
    ended_ |= (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
    waiting* const sleeper = std::exchange(waiting_, nullptr);
    ready_ = sleeper == nullptr;
    if (sleeper)
        sleeper->go_on();
}

} // namespace weir
