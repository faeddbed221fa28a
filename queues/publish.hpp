// How a listener's coroutine hands a batch to the queue and keeps the books of it.
#pragma once

#include "base/books.hpp"
#include "base/executor.hpp"
#include "queues/queue.hpp"

#include <chrono>

namespace weir {

// Under block: a reader that is slow for good is the user's to see to, the sender waits for it.
constexpr std::chrono::hours as_long_as_it_takes{24 * 365};

// Publishes now or not at all: for senders that can't be held back (UDP). Counts what was received
// or, as queue_full or closing, refused.
bool publish_now(queue& to, listener_books& books, batch_ptr fresh);

// Under block waits for space as long as `patience`, on the caller's executor; otherwise it is
// publish_now. Called only where publish_now would have to give up:
//
//     if (!try_publish(to, books, fresh))
//         co_await publish_when_space(to, books, std::move(fresh), executor, patience);
//
// try_publish false: the queue blocks, nothing was counted and `fresh` is still there.
bool try_publish(queue& to, listener_books& books, batch_ptr& fresh);

// try_publish for who has to tell its sender what became of it: everything but `full` is counted.
publish_result offer(queue& to, listener_books& books, batch_ptr& fresh);

task<bool> publish_when_space(queue& to, listener_books& books, batch_ptr fresh, io_executor where,
                              std::chrono::steady_clock::duration patience);

} // namespace weir
