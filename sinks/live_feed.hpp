// The live stream event by event, for listeners with a form of their own (base/live_feed.hpp).
//
// A subscriber reads the history at its own pace, so that it costs no memory beside it; where the
// history moves past it, it goes on at the newest and is told what it missed, which is counted.
// What the queue gave up, and what is not held any more where it begins, it is told likewise.
//
// The sink owns it together with the route it offers, which may outlive the sink: after finish() or
// stop() nobody gets in any more. Any thread.
#pragma once

#include "base/books.hpp"
#include "base/live_feed.hpp"
#include "sinks/live_history.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <unordered_set>

namespace weir {

class live_feed final : public std::enable_shared_from_this<live_feed> {
public:
    // `books` and `listeners` (the names of the sources, or null) outlive every subscriber.
    live_feed(std::shared_ptr<const live_history> history, sink_books& books,
              const std::vector<std::string>* listeners)
        : history_(std::move(history)), books_(books), listeners_(listeners) {}

    void start(std::shared_ptr<void> running); // held until the last subscriber is gone

    std::unique_ptr<live_subscription> subscribe(const live_wish& wish, std::function<void()> wake);

    void wake();   // the history has grown
    void finish(); // it grows no more: each subscriber gets what is there
    void stop();   // now
    bool empty();  // of subscribers

private:
    class subscription;
    enum class state { fresh, running, finishing, stopped };

    void enter(state next);
    void wake_sleepers(); // under the lock

    const std::shared_ptr<const live_history> history_;
    sink_books& books_;
    const std::vector<std::string>* const listeners_;

    std::atomic<bool> somebody_sleeps_{false};
    std::mutex mutex_;
    state state_ = state::fresh;
    std::shared_ptr<void> running_;
    std::unordered_set<subscription*> all_;
};

} // namespace weir
