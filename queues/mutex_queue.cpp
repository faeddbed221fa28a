#include "queues/mutex_queue.hpp"

#include <algorithm>
#include <stdexcept>

namespace weir {

class mutex_queue::reader final : public queue_reader {
public:
    explicit reader(mutex_queue& from)
        : queue_(from), cursor_(from.head_ + from.kept_.size()),
          published_before_(from.published_) {}

    ~reader() override {
        {
            const std::lock_guard lock(queue_.mutex_);
            std::erase(queue_.readers_, this);
            queue_.forget_taken();
        }
        queue_.space_made();
    }
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;

    batch_ptr try_take() override {
        batch_ptr next;
        {
            const std::lock_guard lock(queue_.mutex_);
            if (pending())
                next = queue_.kept_[cursor_ - queue_.head_];
            if (!next)
                return nullptr;
            ++cursor_;
            taken_ += next->size();
            queue_.forget_taken();
        }
        queue_.space_made();
        return next;
    }

    bool park(waker& sleeper) override {
        const std::lock_guard lock(queue_.mutex_);
        const bool something = pending() || queue_.closed_;
        sleeper_ = something ? nullptr : &sleeper;
        return !something;
    }
    void unpark() override {
        const std::lock_guard lock(queue_.mutex_);
        sleeper_ = nullptr;
    }

    bool finished() const override {
        const std::lock_guard lock(queue_.mutex_);
        return queue_.closed_ && !pending();
    }

    std::uint64_t published() const override {
        const std::lock_guard lock(queue_.mutex_);
        return queue_.published_ - published_before_;
    }
    std::uint64_t taken() const override {
        const std::lock_guard lock(queue_.mutex_);
        return taken_;
    }
    std::uint64_t missed() const override {
        const std::lock_guard lock(queue_.mutex_);
        return missed_;
    }

private:
    friend class mutex_queue;

    bool pending() const { return cursor_ < queue_.head_ + queue_.kept_.size(); }

    // All below under the queue's mutex.
    mutex_queue& queue_;
    std::uint64_t cursor_; // never behind the head
    const std::uint64_t published_before_;
    std::uint64_t taken_ = 0;
    std::uint64_t missed_ = 0;
    waker* sleeper_ = nullptr;
};

mutex_queue::mutex_queue(std::size_t slots, std::size_t bytes, when_full policy, history taken)
    : slots_(slots), byte_bound_(bytes), policy_(policy), history_(taken) {}

publish_result mutex_queue::publish(batch_ptr& fresh) {
    const std::lock_guard lock(mutex_);
    const std::size_t footprint = fresh->footprint();
    if (closed_ || footprint > byte_bound_) {
        fresh = nullptr;
        return closed_ ? publish_result::closed : publish_result::dropped;
    }
    while (full_for(footprint)) {
        if (policy_ != when_full::drop_oldest && !oldest_taken_by_all()) {
            if (policy_ == when_full::block)
                return publish_result::full;
            fresh = nullptr;
            return publish_result::dropped;
        }
        evict_oldest();
    }
    published_ += fresh->size();
    bytes_ += footprint;
    batch* mine = fresh.release();
    mine->set_position(head_ + kept_.size());
    kept_.push_back(batch_ptr(mine));
    forget_taken();
    wake_readers();
    return publish_result::published;
}

std::unique_ptr<queue_reader> mutex_queue::subscribe() {
    const std::lock_guard lock(mutex_);
    if (readers_.size() == queue_reader::most)
        throw std::length_error("a queue has at most 16 readers at a time");
    auto fresh = std::make_unique<reader>(*this);
    readers_.push_back(fresh.get());
    return fresh;
}

void mutex_queue::close() {
    {
        const std::lock_guard lock(mutex_);
        closed_ = true;
        wake_readers();
    }
    wake_all_waiting();
}

std::uint64_t mutex_queue::published_messages() const {
    const std::lock_guard lock(mutex_);
    return published_;
}

std::size_t mutex_queue::bytes() const {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

std::size_t mutex_queue::batches() const {
    const std::lock_guard lock(mutex_);
    return kept_.size();
}

bool mutex_queue::has_space(std::size_t bytes) const {
    const std::lock_guard lock(mutex_);
    return closed_ || !full_for(bytes) || oldest_taken_by_all();
}

bool mutex_queue::full_for(std::size_t bytes) const {
    return kept_.size() >= slots_ || bytes > byte_bound_ - bytes_;
}

bool mutex_queue::oldest_taken_by_all() const {
    return !kept_.empty() && std::ranges::all_of(readers_, [this](const reader* each) {
        return each->cursor_ > head_;
    });
}

void mutex_queue::evict_oldest() {
    for (reader* each : readers_) {
        if (each->cursor_ > head_)
            continue;
        each->missed_ += kept_.front()->size();
        each->cursor_ = head_ + 1;
    }
    bytes_ -= kept_.front()->footprint();
    kept_.pop_front();
    ++head_;
}

void mutex_queue::forget_taken() {
    while (history_ == history::dropped && oldest_taken_by_all())
        evict_oldest();
}

void mutex_queue::wake_readers() {
    for (reader* each : readers_)
        if (waker* sleeper = std::exchange(each->sleeper_, nullptr))
            sleeper->wake();
}

} // namespace weir
