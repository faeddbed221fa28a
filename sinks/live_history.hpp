// The newest events of the live stream, with their numbers: what clients that ask for last= or
// since= are given. It keeps the batches as the queue has them, so most of them are memory that the
// ring holds anyway; bounded by what they occupy. Events are numbered from 1 in the order in which
// the sink took them, those that the queue gave up before that included.
//
// Made by the sink, shared with its shards; any thread. The lock is held for moments: nothing is
// encoded and no batch freed under it.
#pragma once

#include "queues/batch.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <vector>

namespace weir {

class live_history {
public:
    struct entry {
        std::uint64_t first; // number of its first message
        batch_ptr messages;
        std::uint64_t end() const { return first + messages->size(); }
    };

    explicit live_history(std::uint64_t bytes) : most_(bytes) {}

    // `missed` events that nobody has, then these. `then` is called under the lock: whoever listens
    // in that moment is to be sent them; whoever begins to listen later finds them here.
    template <class Then>
    void append(std::uint64_t missed, std::span<const batch_ptr> fresh, Then&& then) {
        std::vector<entry> gone; // freed behind the lock
        const std::lock_guard lock(mutex_);
        take(missed, fresh, gone);
        then();
    }

    // Sets the flag, and returns the number of the first event that it will be seen for.
    std::uint64_t listen(std::atomic<bool>& listening);

    std::uint64_t end() const; // number of the next event

    // What there is from a number on, up to another, about `most` bytes of payload but at least one
    // batch: a run without a gap, behind `missed` events that are not held.
    struct slice {
        std::uint64_t missed = 0;
        bool overtaken = false; // missed because the history's bound came first
        std::vector<entry> entries;
    };
    slice read(std::uint64_t from, std::uint64_t until, std::size_t most) const;

    // The batches that begin before a number, the newest such last, of about `most` bytes.
    std::vector<entry> before(std::uint64_t number, std::size_t most) const;

private:
    void take(std::uint64_t missed, std::span<const batch_ptr> fresh, std::vector<entry>& gone);

    mutable std::mutex mutex_;
    const std::uint64_t most_;
    std::deque<entry> entries_;
    std::uint64_t bytes_ = 0;
    std::uint64_t end_ = 1;
    std::uint64_t oldest_ = 1; // everything that was ever taken and has a number from here is held
};

} // namespace weir
