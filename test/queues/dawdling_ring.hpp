// The ring once more, as weir::dawdling_ring: any of its atomic operations may give the processor
// away first. So a thread is overtaken by whole laps between two steps thousands of times a run,
// which otherwise happens hardly ever. For one source file of a program.
#pragma once

#include "queues/queue.hpp"

#include <algorithm>
#include <atomic>
#include <bit>
#include <cassert>
#include <functional>
#include <stdexcept>
#include <thread>

namespace weir::test {

inline void dawdle() {
    thread_local std::uint32_t random =
        static_cast<std::uint32_t>(std::hash<std::thread::id>()(std::this_thread::get_id())) | 1;
    random ^= random << 13; // xorshift: one cheap generator a thread
    random ^= random >> 17;
    random ^= random << 5;
    if (random % 32 == 0)
        std::this_thread::yield();
}

template <class T>
class dawdling_atomic {
public:
    static constexpr bool is_always_lock_free = std::atomic<T>::is_always_lock_free;

    dawdling_atomic(T value) : value_(value) {}

    T load(std::memory_order order = std::memory_order_seq_cst) const {
        dawdle();
        return value_.load(order);
    }
    void store(T to, std::memory_order order = std::memory_order_seq_cst) {
        dawdle();
        value_.store(to, order);
    }
    T exchange(T to, std::memory_order order = std::memory_order_seq_cst) {
        dawdle();
        return value_.exchange(to, order);
    }
    T fetch_add(T n, std::memory_order order = std::memory_order_seq_cst) {
        dawdle();
        return value_.fetch_add(n, order);
    }
    T fetch_sub(T n) {
        dawdle();
        return value_.fetch_sub(n);
    }
    T fetch_or(T bits) {
        dawdle();
        return value_.fetch_or(bits);
    }
    T fetch_and(T bits) {
        dawdle();
        return value_.fetch_and(bits);
    }
    bool compare_exchange_strong(T& expected, T to) {
        dawdle();
        return value_.compare_exchange_strong(expected, to);
    }
    bool compare_exchange_strong(T&& expected, T to) {
        return compare_exchange_strong(expected, to);
    }
    bool compare_exchange_weak(T& expected, T to) {
        dawdle();
        return value_.compare_exchange_weak(expected, to);
    }

private:
    std::atomic<T> value_;
};

} // namespace weir::test

#define broadcast_ring dawdling_ring
#define WEIR_RING_ATOMIC test::dawdling_atomic
#include "queues/broadcast_ring.cpp" // NOLINT(bugprone-suspicious-include)
#undef WEIR_RING_ATOMIC
#undef broadcast_ring
