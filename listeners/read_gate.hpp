// Tells the sessions of one io thread when their sockets have something to read.
//
// Asio asks the kernel anew at each wait (an epoll_ctl), or tries a read that finds nothing (a
// recv): one system call more for every small message. This is an edge-triggered epoll set inside
// Asio's own, which is asked once for all the sockets that are ready.
//
// A service of the io_context, so there is one for each and it goes with it. All of it is used on
// the context's thread.
#pragma once

#include "base/executor.hpp"

#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <memory>
#include <unordered_set>
#include <utility>

namespace weir {

class read_gate final : public boost::asio::execution_context::service {
public:
    using key_type = read_gate;
    static boost::asio::execution_context::id id;

    explicit read_gate(boost::asio::execution_context& context);
    ~read_gate() override;

    class watch;

private:
    // A wait with what goes on after it, in the memory of the session's coroutine.
    struct waiting {
        virtual void go_on() = 0;
        virtual void abandon() = 0;

    protected:
        ~waiting() = default;
    };
    template <class Handler>
    struct waiting_for;
    using descriptor = boost::asio::posix::basic_stream_descriptor<io_executor>;

    void shutdown() override;
    void listen();
    void open();

    boost::asio::io_context& context_;
    descriptor set_;
    std::unordered_set<watch*> all_;
    bool listening_ = false;
};

// One socket in the set. It must be open, and outlive the watch or be moved away just before.
class read_gate::watch {
public:
    watch(io_executor where, int socket);
    ~watch();
    watch(const watch&) = delete;
    watch& operator=(const watch&) = delete;

    // Suspends until something may be there, or wake(). Whoever reads then and fills all the room
    // it had says so with more(), for an edge is told only once.
    template <class Token>
    auto readable(Token&& token) {
        return boost::asio::async_initiate<Token, void()>(
            [this](auto handler) { this->wait(std::move(handler)); }, token);
    }
    void more() { ready_ = true; }
    void wake(); // ends the wait under way, if one is

private:
    friend class read_gate;

    template <class Handler>
    void wait(Handler handler);
    void signal(std::uint32_t events);

    read_gate& gate_;
    const io_executor executor_;
    const int socket_;
    waiting* waiting_ = nullptr;
    bool ready_ = false;
    bool ended_ = false; // a read will say so, once all else is read
};

template <class Handler>
struct read_gate::waiting_for final : waiting {
    explicit waiting_for(Handler h) : handler(std::move(h)) {}

    static waiting* make(Handler handler) {
        auto memory = allocator(handler);
        return new (memory.allocate(1)) waiting_for(std::move(handler));
    }
    void go_on() override {
        Handler next = take();
        std::move(next)();
    }
    void abandon() override { take(); }

private:
    static auto allocator(const Handler& handler) {
        using any = boost::asio::associated_allocator_t<Handler>;
        return typename std::allocator_traits<any>::template rebind_alloc<waiting_for>(
            boost::asio::get_associated_allocator(handler));
    }
    Handler take() {
        Handler taken = std::move(handler);
        this->~waiting_for();
        auto memory = allocator(taken);
        memory.deallocate(this, 1);
        return taken;
    }

    Handler handler;
};

// Who finds it ready goes on all the same only after the others on this thread had a turn.
template <class Handler>
void read_gate::watch::wait(Handler handler) {
    if (std::exchange(ready_, false) || ended_)
        boost::asio::post(executor_, std::move(handler));
    else
        waiting_ = waiting_for<Handler>::make(std::move(handler));
}

} // namespace weir
