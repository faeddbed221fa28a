#include "queues/publish.hpp"

#include <boost/asio/post.hpp>
#include <memory>

namespace weir {

namespace {

// Counts a batch as what became of it; false where it is still undecided.
bool settle(publish_result result, listener_books& books, std::size_t messages,
            std::size_t payload) {
    switch (result) {
    case publish_result::published:
        books.received_messages.add(messages);
        books.received_bytes.add(payload);
        books.batches.observe(messages);
        return true;
    case publish_result::dropped:
        books.refused_messages[refusal::queue_full].add(messages);
        return true;
    case publish_result::closed:
        books.refused_messages[refusal::closing].add(messages);
        return true;
    case publish_result::full:
        break;
    }
    return false;
}

struct space_signal final : waker, std::enable_shared_from_this<space_signal> {
    explicit space_signal(io_executor where) : executor(where), timer(where) {}
    void wake() override {
        boost::asio::post(executor, [self = shared_from_this()] { self->timer.cancel(); });
    }
    io_executor executor;
    io_timer timer;
};

// Whichever way the coroutine ends, its wish ends too.
struct waiting_ends {
    queue& to;
    waker& sleeper;
    ~waiting_ends() { to.cancel_wait(sleeper); }
};

} // namespace

bool publish_now(queue& to, listener_books& books, batch_ptr fresh) {
    const std::size_t messages = fresh->size();
    const std::size_t payload = fresh->payload();
    const publish_result result = to.publish(fresh);
    if (!settle(result, books, messages, payload))
        books.refused_messages[refusal::queue_full].add(messages);
    return result == publish_result::published;
}

publish_result offer(queue& to, listener_books& books, batch_ptr& fresh) {
    const std::size_t messages = fresh->size();
    const std::size_t payload = fresh->payload();
    const publish_result result = to.publish(fresh);
    settle(result, books, messages, payload);
    return result;
}

bool try_publish(queue& to, listener_books& books, batch_ptr& fresh) {
    return offer(to, books, fresh) != publish_result::full;
}

task<bool> publish_when_space(queue& to, listener_books& books, batch_ptr fresh, io_executor where,
                              std::chrono::steady_clock::duration patience) {
    const std::size_t messages = fresh->size();
    const std::size_t payload = fresh->payload();
    const std::size_t footprint = fresh->footprint();
    const auto signal = std::make_shared<space_signal>(where);
    const waiting_ends guard{to, *signal};
    signal->timer.expires_after(patience);
    for (;;) {
        const publish_result result = to.publish(fresh);
        if (settle(result, books, messages, payload))
            co_return result == publish_result::published;
        if (signal->timer.expiry() <= std::chrono::steady_clock::now()) {
            books.refused_messages[refusal::queue_full].add(messages);
            co_return false;
        }
        if (to.wait_for_space(*signal, footprint))
            co_await signal->timer.async_wait(use_task_tuple);
    }
}

} // namespace weir
