// The ring: many publishers, up to 16 readers that each see every batch at their own cursor, the
// newest kept, bounded in slots and in bytes. No mutex on any path of a batch; a publisher yields
// only to a neighbour that has claimed a position or an eviction and not finished it yet.
//
// Each position p lives in slot p % capacity, which goes round by its turn:
//     p             free for the publisher that claimed p, and for nobody else
//     p + 1         readable at p
//     p + capacity  evicted: free for the publisher of the next lap
// Its word holds the batch's pointer, and above it one bit a reader: 'has taken it'.
//
// What holds, always:
// - head <= tail. Whoever claims p touches its slot only once p - capacity is evicted and settled.
// - Whoever moves head from h to h + 1 owns slot h until the turn moves on, and alone settles it:
//   the bits of the word, exchanged for nothing, name the readers that have taken the batch, and
//   every other active reader has missed it. So for each reader it is one of the two, once.
// - A reader's fetch_or reads the pointer and sets its bit in one step. Where it gets a pointer the
//   batch is pinned; where it gets none, it was evicted just now and the head is next.
// - A slow reader's fetch_or may land on a batch of a later lap, with older ones before it still
//   unread. It then takes its bit back; if that comes too late, since the batch has been evicted
//   as taken, all before it are evicted too, so taking it breaks no order and no book.
// - References: the ring holds `bias`, readers give back one each, and settling takes away the bias
//   less one for each bit. So the count reaches nothing once, with the last holder.
// - Bytes are added before the claim and taken off when settled, so whoever claims sees all that
//   was claimed before, and at rest the bound holds.
// - Under drop-newest and block a batch is evicted only when every active reader has taken it.
// - Closed is a flag in the tail, so each claim comes before it, and will be readable, or after.
// - A reader that is gone leaves its bits where it has taken, and its place to another, which
//   begins behind all of them: what is before its start concerns nobody at that place.
//   No eviction settles across that change with the one before in mind: whoever evicts over readers
//   has claimed a position and not filled it yet, and subscribe waits for that.
//
// Waking is Dekker's: the publisher moves the turn, then looks who is parked; the reader parks,
// then looks at the turn; all four sequentially consistent.
#pragma once

#include "queues/queue.hpp"

// A test compiles the ring once more, with atomics that dawdle: the windows between two steps are
// too short to be met otherwise.
#ifndef WEIR_RING_ATOMIC
#define WEIR_RING_ATOMIC std::atomic
#endif

namespace weir {

class broadcast_ring final : public queue {
public:
    explicit broadcast_ring(const queue_options& options);
    ~broadcast_ring() override;
    broadcast_ring(const broadcast_ring&) = delete;
    broadcast_ring& operator=(const broadcast_ring&) = delete;

    publish_result publish(batch_ptr& fresh) override;
    std::unique_ptr<queue_reader> subscribe() override;
    void close() override;

    std::uint64_t published_messages() const override;
    std::size_t bytes() const override;
    std::size_t batches() const override;

private:
    class reader;
    using position = std::uint64_t;
    template <class T>
    using atomic = WEIR_RING_ATOMIC<T>;

    struct slot {
        atomic<std::uint64_t> turn{0};
        atomic<std::uint64_t> word{0};
    };
    static_assert(sizeof(slot) == 16 && atomic<std::uint64_t>::is_always_lock_free);

    static constexpr std::size_t cache_line = 64;

    struct alignas(cache_line) reader_state {
        atomic<std::uint64_t> missed{0};
        atomic<waker*> sleeper{nullptr}; // null once its wake has returned
        atomic<position> start{0};       // set before the reader is active
    };
    static_assert(sizeof(reader_state) == cache_line);

    slot& at(position p) const { return slots_[p & mask_]; }
    bool has_space(std::size_t bytes) const override;

    publish_result claim_over_oldest(std::size_t bytes, position& claimed);
    publish_result claim_if_room(std::size_t bytes, position& claimed);
    bool reserve(std::size_t bytes);
    void wait_for_subscriber(position claimed) const;
    void put(position claimed, batch* fresh);
    void wake_parked();

    enum class which { any, all_have_taken };
    bool evict(position head, which allowed); // false: head stands, and can't be evicted now
    bool all_have_taken(position p, std::uint64_t word) const;

    // Seldom written: what every side reads.
    const std::size_t capacity_;
    const std::size_t mask_;
    const std::size_t byte_bound_;
    const when_full policy_;
    const std::unique_ptr<slot[]> slots_;
    atomic<std::uint32_t> active_{0};      // readers, by bit
    atomic<position> end_{UINT64_MAX};     // once closed: where reading ends
    std::mutex subscribing_;               // serialises subscribe and close
    atomic<position> subscriber_start_{0}; // where the newest reader begins

    // The publishers' own line. The tail's two top bits are `closed` and `subscribing`.
    alignas(cache_line) atomic<std::uint64_t> tail_{0};
    atomic<position> head_{0};
    atomic<std::size_t> bytes_{0};
    atomic<std::uint64_t> published_{0};

    alignas(cache_line) atomic<std::uint32_t> parked_{0}; // readers, by bit

    std::array<reader_state, queue_reader::most> readers_;
};

} // namespace weir
