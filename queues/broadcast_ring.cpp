#include "queues/broadcast_ring.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <stdexcept>
#include <thread>

namespace weir {

namespace {

// The word: a pointer below, sixteen readers' bits above.
constexpr int pointer_bits = 48;
constexpr std::uint64_t pointer_mask = (std::uint64_t{1} << pointer_bits) - 1;
static_assert(sizeof(batch*) == sizeof(std::uint64_t));
static_assert(pointer_bits + queue_reader::most == 64);

std::uint64_t to_word(const batch* b) {
    const auto word = reinterpret_cast<std::uint64_t>(b);
    assert((word & ~pointer_mask) == 0); // user space ends below 2^47 on x86-64, 2^48 on arm64
    return word;
}
batch* pointer(std::uint64_t word) { return reinterpret_cast<batch*>(word & pointer_mask); }
std::uint32_t takers(std::uint64_t word) {
    return static_cast<std::uint32_t>(word >> pointer_bits);
}

// The tail: a position below, two flags above. A claim that finds a flag set knows it by its claim.
constexpr std::uint64_t closed_flag = std::uint64_t{1} << 63;
constexpr std::uint64_t subscribing_flag = std::uint64_t{1} << 62;
constexpr std::uint64_t position_mask = subscribing_flag - 1;

// More references than anyone will ever copy.
constexpr std::int64_t bias = std::int64_t{1} << 40;

// For a neighbour that is in the middle of something: a few instructions away where it runs, a
// time slice where it doesn't.
class backoff {
public:
    void pause() {
        if (++rounds_ > 32) {
            std::this_thread::yield();
            return;
        }
#if defined(__x86_64__)
        __builtin_ia32_pause();
#elif defined(__aarch64__)
        asm volatile("yield");
#endif
    }

private:
    int rounds_ = 0;
};

} // namespace

class broadcast_ring::reader final : public queue_reader {
public:
    reader(broadcast_ring& ring, std::size_t index, position start, std::uint64_t published_before)
        : ring_(ring), state_(ring.readers_[index]), parked_bit_(1u << index),
          taken_bit_(std::uint64_t{1} << (pointer_bits + index)), cursor_(start),
          published_before_(published_before) {}

    ~reader() override {
        unpark();
        ring_.active_.fetch_and(~parked_bit_); // from here on the place is another's
        ring_.space_made();                    // what only this reader had not taken
    }
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;

    batch_ptr try_take() override {
        for (;;) {
            slot& here = ring_.at(cursor_);
            const std::uint64_t turn = here.turn.load(std::memory_order_acquire);
            if (turn <= cursor_)
                return nullptr;
            if (turn > cursor_ + 1) {
                go_on_at_head();
                continue;
            }
            batch* found = pointer(here.word.fetch_or(taken_bit_));
            if (!found) {
                go_on_at_head();
                continue;
            }
            // A later lap's, while older ones may be left: give it back if it is still there.
            if (found->position() != cursor_ &&
                pointer(here.word.fetch_and(~taken_bit_)) == found) {
                go_on_at_head();
                continue;
            }
            cursor_ = found->position() + 1;
            taken_.store(taken_.load(std::memory_order_relaxed) + found->size(),
                         std::memory_order_relaxed);
            if (ring_.policy_ == when_full::block)
                ring_.space_made();
            return batch_ptr(found);
        }
    }

    bool park(waker& sleeper) override {
        unpark();
        state_.sleeper.store(&sleeper, std::memory_order_relaxed);
        ring_.parked_.fetch_or(parked_bit_);
        const bool something = ring_.at(cursor_).turn.load() > cursor_ || finished();
        if (!something || !take_back())
            return true; // in the second case, with the wake already under way
        return false;
    }

    void unpark() override {
        if (state_.sleeper.load(std::memory_order_acquire) == nullptr || take_back())
            return;
        for (backoff wait; state_.sleeper.load(std::memory_order_acquire) != nullptr;)
            wait.pause();
    }

    bool finished() const override { return cursor_ >= ring_.end_.load(); }

    std::uint64_t published() const override {
        return ring_.published_messages() - published_before_;
    }
    std::uint64_t taken() const override { return taken_.load(std::memory_order_relaxed); }
    std::uint64_t missed() const override { return state_.missed.load(std::memory_order_relaxed); }

private:
    // What stood at the cursor is evicted, so the head is beyond it.
    void go_on_at_head() { cursor_ = ring_.head_.load(std::memory_order_acquire); }

    // True: still parked until now, and no wake will come.
    bool take_back() {
        if ((ring_.parked_.fetch_and(~parked_bit_) & parked_bit_) == 0)
            return false;
        state_.sleeper.store(nullptr, std::memory_order_relaxed);
        return true;
    }

    broadcast_ring& ring_;
    reader_state& state_;
    const std::uint32_t parked_bit_;
    const std::uint64_t taken_bit_;
    position cursor_;
    const std::uint64_t published_before_;
    atomic<std::uint64_t> taken_{0}; // written by the reader alone
};

broadcast_ring::broadcast_ring(const queue_options& options)
    : capacity_(std::bit_ceil(std::max<std::size_t>(options.slots, 2))), mask_(capacity_ - 1),
      byte_bound_(options.bytes), policy_(options.policy), slots_(new slot[capacity_]) {
    static_assert(alignof(broadcast_ring) == cache_line);
    static_assert(sizeof(tail_) + sizeof(head_) + sizeof(bytes_) + sizeof(published_) <=
                  cache_line);
    for (position p = 0; p < capacity_; ++p)
        slots_[p].turn.store(p, std::memory_order_relaxed);
}

broadcast_ring::~broadcast_ring() {
    for (std::size_t i = 0; i < capacity_; ++i) {
        const std::uint64_t word = slots_[i].word.load(std::memory_order_relaxed);
        if (const batch* left = pointer(word))
            left->drop_references(bias - std::popcount(takers(word)));
    }
}

publish_result broadcast_ring::publish(batch_ptr& fresh) {
    const std::size_t footprint = fresh->footprint();
    position claimed = 0;
    publish_result result = publish_result::dropped;
    if (footprint <= byte_bound_) // or it would never fit
        result = policy_ == when_full::drop_oldest ? claim_over_oldest(footprint, claimed)
                                                   : claim_if_room(footprint, claimed);
    if (result == publish_result::published) {
        put(claimed, fresh.release());
        wake_parked();
    } else if (result != publish_result::full) {
        fresh = nullptr;
    }
    return result;
}

// Claims first, then evicts what is in the way.
publish_result broadcast_ring::claim_over_oldest(std::size_t bytes, position& claimed) {
    bytes_.fetch_add(bytes);
    const std::uint64_t tail = tail_.fetch_add(1);
    if (tail & closed_flag) {
        bytes_.fetch_sub(bytes);
        return publish_result::closed;
    }
    claimed = tail & position_mask;
    if (tail & subscribing_flag)
        wait_for_subscriber(claimed);
    for (backoff wait;;) {
        const position head = head_.load(std::memory_order_acquire);
        const bool fits = bytes_.load(std::memory_order_relaxed) <= byte_bound_ || head == claimed;
        if (claimed - head < capacity_ && fits)
            return publish_result::published;
        if (!evict(head, which::any))
            wait.pause();
    }
}

// Evicts what everyone has taken, and claims only what is free then.
publish_result broadcast_ring::claim_if_room(std::size_t bytes, position& claimed) {
    bool reserved = false;
    bool freed = false; // something that others may use
    publish_result result = publish_result::published;
    for (backoff wait;;) {
        const position head = head_.load();
        std::uint64_t tail = tail_.load();
        if (tail & closed_flag) {
            result = publish_result::closed;
            break;
        }
        if (tail & subscribing_flag) {
            wait.pause();
            continue;
        }
        if (tail - head >= capacity_ || (!reserved && !reserve(bytes))) {
            if (evict(head, which::all_have_taken)) {
                freed = true;
                continue;
            }
            result = policy_ == when_full::block ? publish_result::full : publish_result::dropped;
            break;
        }
        reserved = true;
        if (tail_.compare_exchange_weak(tail, tail + 1)) {
            claimed = tail;
            break;
        }
    }
    if (reserved && result != publish_result::published) {
        bytes_.fetch_sub(bytes);
        freed = true;
    }
    if (freed && policy_ == when_full::block)
        space_made();
    return result;
}

bool broadcast_ring::reserve(std::size_t bytes) {
    std::size_t before = bytes_.load();
    while (before + bytes <= byte_bound_)
        if (bytes_.compare_exchange_weak(before, before + bytes))
            return true;
    return false;
}

// Not for the next one, which may be there already and waits for this very claim.
void broadcast_ring::wait_for_subscriber(position claimed) const {
    for (backoff wait; (tail_.load() & subscribing_flag) && subscriber_start_.load() <= claimed;)
        wait.pause();
}

void broadcast_ring::put(position claimed, batch* fresh) {
    published_.fetch_add(fresh->size(), std::memory_order_relaxed);
    fresh->set_position(claimed);
    fresh->set_references(bias); // the caller's own is the ring's now
    slot& here = at(claimed);
    // The evictor of the lap before may still be at work on it.
    for (backoff wait; here.turn.load(std::memory_order_acquire) != claimed;)
        wait.pause();
    here.word.store(to_word(fresh), std::memory_order_release);
    here.turn.store(claimed + 1);
}

void broadcast_ring::wake_parked() {
    if (parked_.load() == 0)
        return;
    for (std::uint32_t bits = parked_.exchange(0); bits != 0; bits &= bits - 1) {
        reader_state& state = readers_[static_cast<std::size_t>(std::countr_zero(bits))];
        state.sleeper.load(std::memory_order_relaxed)->wake();
        state.sleeper.store(nullptr, std::memory_order_release);
    }
}

bool broadcast_ring::evict(position head, which allowed) {
    slot& oldest = at(head);
    // The head is looked at again, for what was read is the head's only where it stands.
    if (oldest.turn.load(std::memory_order_acquire) != head + 1)
        return head_.load() != head;
    if (allowed == which::all_have_taken && !all_have_taken(head, oldest.word.load()))
        return head_.load() != head;
    if (!head_.compare_exchange_strong(head, head + 1))
        return true;

    const std::uint64_t word = oldest.word.exchange(0);
    const batch* gone = pointer(word);
    const std::uint32_t have_taken = takers(word);
    for (std::uint32_t bits = active_.load() & ~have_taken; bits != 0; bits &= bits - 1) {
        reader_state& state = readers_[static_cast<std::size_t>(std::countr_zero(bits))];
        if (state.start.load(std::memory_order_relaxed) <= head)
            state.missed.fetch_add(gone->size(), std::memory_order_relaxed);
    }
    bytes_.fetch_sub(gone->footprint());
    oldest.turn.store(head + capacity_, std::memory_order_release);
    gone->drop_references(bias - std::popcount(have_taken));
    return true;
}

bool broadcast_ring::all_have_taken(position p, std::uint64_t word) const {
    for (std::uint32_t bits = active_.load() & ~takers(word); bits != 0; bits &= bits - 1)
        if (readers_[static_cast<std::size_t>(std::countr_zero(bits))].start.load(
                std::memory_order_relaxed) <= p)
            return false;
    return true;
}

bool broadcast_ring::has_space(std::size_t bytes) const {
    for (;;) {
        const position head = head_.load();
        const std::uint64_t tail = tail_.load();
        if (tail & closed_flag)
            return true; // publish says so at once
        if ((tail & position_mask) - head < capacity_ && bytes_.load() + bytes <= byte_bound_)
            return true;
        const slot& oldest = at(head);
        if (oldest.turn.load() == head + 1 && all_have_taken(head, oldest.word.load()))
            return true;
        if (head_.load() == head)
            return false;
    }
}

// Publishers that claim from here on wait until the new reader is active; those before are waited
// for. So its books begin at one position, to the message.
std::unique_ptr<queue_reader> broadcast_ring::subscribe() {
    const std::lock_guard lock(subscribing_);
    const auto index = static_cast<std::size_t>(std::countr_one(active_.load()));
    if (index >= queue_reader::most)
        throw std::length_error("a queue has at most 16 readers at a time");
    const std::uint64_t tail = tail_.fetch_or(subscribing_flag);
    subscriber_start_.store(tail & position_mask);
    const position start = std::min(tail & position_mask, end_.load());
    for (position p = head_.load(std::memory_order_acquire); p < start; ++p)
        for (backoff wait; at(p).turn.load(std::memory_order_acquire) <= p;)
            wait.pause();
    readers_[index].start.store(start, std::memory_order_relaxed);
    readers_[index].missed.store(0, std::memory_order_relaxed);
    const std::uint64_t published_before = published_messages();
    active_.fetch_or(1u << index);
    tail_.fetch_and(~subscribing_flag);
    return std::make_unique<reader>(*this, index, start, published_before);
}

void broadcast_ring::close() {
    const std::lock_guard lock(subscribing_);
    const std::uint64_t tail = tail_.fetch_or(closed_flag);
    if (tail & closed_flag)
        return;
    end_.store(tail & position_mask);
    wake_parked();
    wake_all_waiting();
}

std::uint64_t broadcast_ring::published_messages() const {
    return published_.load(std::memory_order_relaxed);
}

std::size_t broadcast_ring::bytes() const { return bytes_.load(std::memory_order_relaxed); }

std::size_t broadcast_ring::batches() const {
    const position head = head_.load(std::memory_order_acquire);
    const position tail = tail_.load(std::memory_order_acquire) & position_mask;
    return std::min<std::size_t>(std::min(tail, end_.load()) - head, capacity_);
}

} // namespace weir
