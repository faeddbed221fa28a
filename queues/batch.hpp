// A Batch: the messages that one socket readiness gave.
//
// One allocation holds everything: this header, then the arena: the messages one after another,
// each followed by one '\n'. Where no message contains a '\n' itself the batch is `plain`: the
// newlines are the boundaries and there is no table, so that newline-framed input to
// newline-framed output is one copy of nothing. Otherwise a table holds the end of each message.
//
// A builder is used by one thread. A finished batch is immutable but for what the queue stamps on
// it before anyone else sees it, and reference-counted: any thread may hold and drop a batch_ptr.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <iterator>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

struct trace_context; // wire/trace_context.hpp

using source_id = std::uint16_t; // which listener; the gateway numbers them
using receive_clock = std::chrono::system_clock;

constexpr std::uint64_t longest_message = 1u << 30; // a batch's table has 32 bits for an end

// Where messages come from, and what they are about where that says so.
struct batch_origin {
    batch_origin(source_id from) : source(from) {}
    source_id source;
    std::shared_ptr<const std::string> topic;   // of all its messages; null: each has its own
    std::shared_ptr<const trace_context> trace; // that all its messages belong to, or null
};

class batch_topics; // queues/topics.hpp

class batch {
public:
    batch(const batch&) = delete;
    batch& operator=(const batch&) = delete;

    std::string_view arena() const { return {bytes(), arena_}; } // terminators included
    std::size_t size() const { return messages_; }               // messages, at least one
    std::size_t payload() const { return arena_ - messages_; }   // bytes without terminators
    std::size_t footprint() const { return sizeof(batch) + capacity_ + ends_.capacity() * 4; }
    bool plain() const { return ends_.empty(); }
    source_id source() const { return origin_.source; }
    const batch_origin& origin() const { return origin_; }
    std::string_view topic() const { return origin_.topic ? *origin_.topic : std::string_view(); }
    const trace_context* trace() const { return origin_.trace.get(); }
    receive_clock::time_point received() const { return received_; }
    std::uint64_t position() const { return position_; } // in the queue; set by it

    class iterator {
    public:
        using value_type = std::string_view;
        using difference_type = std::ptrdiff_t;
        using iterator_category = std::forward_iterator_tag;
        using reference = std::string_view;
        using pointer = const std::string_view*;

        iterator() = default;
        std::string_view operator*() const { return {owner_->bytes() + begin_, end_ - begin_}; }
        iterator& operator++() {
            begin_ = end_ + 1;
            ++index_;
            find_end();
            return *this;
        }
        iterator operator++(int) {
            iterator before = *this;
            ++*this;
            return before;
        }
        bool operator==(const iterator& other) const { return begin_ == other.begin_; }

    private:
        friend class batch;
        iterator(const batch* owner, std::size_t begin) : owner_(owner), begin_(begin) {
            find_end();
        }
        void find_end() {
            if (begin_ >= owner_->arena_)
                return;
            if (!owner_->ends_.empty()) {
                end_ = owner_->ends_[index_];
                return;
            }
            const char* from = owner_->bytes() + begin_;
            const void* newline = std::memchr(from, '\n', owner_->arena_ - begin_);
            end_ = begin_ + static_cast<std::size_t>(static_cast<const char*>(newline) - from);
        }

        const batch* owner_ = nullptr;
        std::size_t begin_ = 0;
        std::size_t end_ = 0;
        std::size_t index_ = 0;
    };
    iterator begin() const { return {this, 0}; }
    iterator end() const { return {this, arena_}; }

    // For queues alone. The count may start with a bias of the queue's own references, set by
    // whoever holds the only one.
    void set_references(std::int64_t n) { references_.store(n, std::memory_order_relaxed); }
    void add_references(std::int64_t n) const {
        references_.fetch_add(n, std::memory_order_relaxed);
    }
    // Who sees that its own are the last need not take them off: nobody is left to add any.
    void drop_references(std::int64_t n) const {
        if (references_.load(std::memory_order_acquire) == n ||
            references_.fetch_sub(n, std::memory_order_acq_rel) == n)
            destroy(this);
    }
    void set_position(std::uint64_t position) { position_ = position; }

    // For topics_of, and listeners that are told: what was found, or null; the first keeps it here.
    const batch_topics* topics() const { return topics_.load(std::memory_order_acquire); }
    const batch_topics& keep(std::unique_ptr<const batch_topics> found) const;

private:
    friend class batch_builder;
    batch(batch_origin origin, std::size_t capacity)
        : capacity_(capacity), origin_(std::move(origin)) {}
    ~batch();

    static batch* create(batch_origin origin, std::size_t capacity);
    static void destroy(const batch* done);

    char* bytes() { return reinterpret_cast<char*>(this + 1); }
    const char* bytes() const { return reinterpret_cast<const char*>(this + 1); }

    mutable std::atomic<std::int64_t> references_{1};
    std::size_t capacity_;
    std::size_t arena_ = 0;
    std::size_t messages_ = 0;
    std::uint64_t position_ = 0;
    receive_clock::time_point received_;
    std::vector<std::uint32_t> ends_; // empty: plain
    batch_origin origin_;
    mutable std::atomic<const batch_topics*> topics_{nullptr}; // owned
};

// Shared ownership of a finished batch.
class batch_ptr {
public:
    batch_ptr() = default;
    batch_ptr(std::nullptr_t) {}
    explicit batch_ptr(batch* adopted) : batch_(adopted) {} // takes one reference over
    batch_ptr(const batch_ptr& other) : batch_(other.batch_) {
        if (batch_)
            batch_->add_references(1);
    }
    batch_ptr(batch_ptr&& other) noexcept : batch_(std::exchange(other.batch_, nullptr)) {}
    batch_ptr& operator=(batch_ptr other) noexcept {
        std::swap(batch_, other.batch_);
        return *this;
    }
    ~batch_ptr() {
        if (batch_)
            batch_->drop_references(1);
    }

    const batch& operator*() const { return *batch_; }
    const batch* operator->() const { return batch_; }
    const batch* get() const { return batch_; }
    explicit operator bool() const { return batch_ != nullptr; }
    batch* release() { return std::exchange(batch_, nullptr); } // the caller owns the reference

private:
    batch* batch_ = nullptr;
};

// Fills one batch. Two ways, which may follow one another:
//   append() copies whole messages;
//   prepare() gives room at the end to read into, and commit() says that the first `bytes` of it
//   are now messages in arena form. What was read beyond them is the caller's to carry over.
class batch_builder {
public:
    explicit batch_builder(batch_origin origin, std::size_t capacity = 0);
    batch_builder(batch_builder&&) noexcept = default;
    batch_builder& operator=(batch_builder&&) noexcept = default;

    void append(std::string_view message);

    // Valid until the next call; what was uncommitted before it is kept.
    char* prepare(std::size_t room);
    std::size_t room() const { return batch_ ? batch_->capacity_ - batch_->arena_ : 0; }
    // `ends` are the messages' ends within these bytes, empty where none contains a newline.
    void commit(std::size_t bytes, std::size_t messages, std::span<const std::uint32_t> ends = {});

    std::size_t size() const { return batch_ ? batch_->messages_ : 0; }
    std::size_t bytes() const { return batch_ ? batch_->arena_ : 0; }
    bool empty() const { return size() == 0; }

    // The finished batch, stamped with the time, right-sized where most of the arena is unused;
    // the builder is empty then. Null where there is no message.
    batch_ptr finish(receive_clock::time_point received = receive_clock::now());

private:
    struct destroyer {
        void operator()(batch* unfinished) const { batch::destroy(unfinished); }
    };
    void grow(std::size_t room);
    void make_table();

    std::unique_ptr<batch, destroyer> batch_;
    std::size_t hint_;
    batch_origin origin_;
};

} // namespace weir
