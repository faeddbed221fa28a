#include "queues/batch.hpp"

#include "queues/topics.hpp"

#include <algorithm>
#include <new>

namespace weir {

batch* batch::create(batch_origin origin, std::size_t capacity) {
    void* memory = ::operator new(sizeof(batch) + capacity);
    return new (memory) batch(std::move(origin), capacity);
}

batch::~batch() { delete topics_.load(std::memory_order_relaxed); }

const batch_topics& batch::keep(std::unique_ptr<const batch_topics> found) const {
    const batch_topics* known = nullptr;
    if (topics_.compare_exchange_strong(known, found.get(), std::memory_order_acq_rel))
        return *found.release();
    return *known;
}

void batch::destroy(const batch* done) {
    done->~batch();
    ::operator delete(const_cast<batch*>(done));
}

batch_builder::batch_builder(batch_origin origin, std::size_t capacity)
    : hint_(std::max<std::size_t>(capacity, 256)), origin_(std::move(origin)) {}

// Moves to an arena of at least twice the size. Uncommitted bytes go along: a caller may have read
// a part of a message into them.
void batch_builder::grow(std::size_t room) {
    if (!batch_) {
        batch_.reset(batch::create(origin_, std::max(hint_, room)));
        return;
    }
    const std::size_t wanted = std::max(batch_->arena_ + room, batch_->capacity_ * 2);
    std::unique_ptr<batch, destroyer> larger(batch::create(origin_, wanted));
    std::memcpy(larger->bytes(), batch_->bytes(), batch_->capacity_);
    larger->arena_ = batch_->arena_;
    larger->messages_ = batch_->messages_;
    larger->ends_ = std::move(batch_->ends_);
    batch_ = std::move(larger);
}

char* batch_builder::prepare(std::size_t wanted) {
    if (room() < wanted)
        grow(wanted);
    return batch_->bytes() + batch_->arena_;
}

// The first message with an inner newline turns the boundaries so far into a table.
void batch_builder::make_table() {
    if (!batch_->ends_.empty())
        return;
    const std::string_view arena = batch_->arena();
    for (std::size_t at = arena.find('\n'); at != arena.npos; at = arena.find('\n', at + 1))
        batch_->ends_.push_back(static_cast<std::uint32_t>(at));
}

void batch_builder::append(std::string_view message) {
    char* to = prepare(message.size() + 1);
    if (!message.empty())
        std::memcpy(to, message.data(), message.size());
    to[message.size()] = '\n';
    const auto end = static_cast<std::uint32_t>(message.size());
    const bool inner = !message.empty() && std::memchr(message.data(), '\n', message.size());
    commit(message.size() + 1, 1, inner ? std::span(&end, 1) : std::span<const std::uint32_t>());
}

void batch_builder::commit(std::size_t bytes, std::size_t messages,
                           std::span<const std::uint32_t> ends) {
    const std::size_t before = batch_->arena_;
    if (!ends.empty())
        make_table();
    if (!ends.empty()) {
        for (std::uint32_t end : ends)
            batch_->ends_.push_back(static_cast<std::uint32_t>(before) + end);
    } else if (!batch_->ends_.empty()) {
        const std::string_view added(batch_->bytes() + before, bytes);
        for (std::size_t at = added.find('\n'); at != added.npos; at = added.find('\n', at + 1))
            batch_->ends_.push_back(static_cast<std::uint32_t>(before + at));
    }
    batch_->arena_ += bytes;
    batch_->messages_ += messages;
}

batch_ptr batch_builder::finish(receive_clock::time_point received) {
    if (empty())
        return nullptr;
    // The queue's bound is on what a batch occupies, so a small batch may not sit in a large arena.
    if (batch_->arena_ < batch_->capacity_ / 2) {
        std::unique_ptr<batch, destroyer> fitting(batch::create(origin_, batch_->arena_));
        std::memcpy(fitting->bytes(), batch_->bytes(), batch_->arena_);
        fitting->arena_ = batch_->arena_;
        fitting->messages_ = batch_->messages_;
        fitting->ends_ = std::move(batch_->ends_);
        batch_->ends_.clear();
        batch_->arena_ = 0;
        batch_->messages_ = 0;
        fitting->received_ = received;
        return batch_ptr(fitting.release());
    }
    batch_->received_ = received;
    return batch_ptr(batch_.release());
}

} // namespace weir
