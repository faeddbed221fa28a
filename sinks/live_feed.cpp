#include "sinks/live_feed.hpp"

#include "queues/event_envelope.hpp"
#include "queues/topics.hpp"
#include "sinks/live_seek.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace weir {

class live_feed::subscription final : public live_subscription {
public:
    // Under the feed's lock, as one of its own.
    subscription(std::shared_ptr<live_feed> feed, const live_wish& wish, std::function<void()> wake,
                 std::shared_ptr<void> running)
        : feed_(std::move(feed)), running_(std::move(running)), wake_(std::move(wake)),
          topics_(wish.topics),
          seek_(*feed_->history_, topics_, {wish.last, wish.since}, feed_->history_->end()),
          next_(seek_.first()), restarted_(seek_.restarted()), begun_(!wish.last && !wish.since),
          slow_(wish.slow) {
        feed_->books_.clients.add(1);
    }
    ~subscription() override {
        {
            const std::lock_guard lock(feed_->mutex_);
            feed_->all_.erase(this);
            leave();
        }
    }

    step next(std::size_t most, const std::function<void(const live_event&)>& take) override;

private:
    friend class live_feed;
    void leave(); // under the feed's lock, as often as you like
    bool stopped();
    bool sleeps(outcome& now);
    void take_from(const live_history::entry& entry, std::size_t most, std::size_t& bytes,
                   const std::function<void(const live_event&)>& take);

    const std::shared_ptr<live_feed> feed_;
    std::shared_ptr<void> running_; // under the feed's lock
    const std::function<void()> wake_;
    const topic_filter topics_;
    live_seek seek_;
    std::uint64_t next_; // event's number
    bool restarted_;     // and not told yet
    bool begun_;         // then it is its own pace, where the history comes past it
    const slow_client slow_;
    bool asleep_ = false;   // under the feed's lock
    bool listening_ = true; // likewise
};

live_subscription::step
live_feed::subscription::next(std::size_t most,
                              const std::function<void(const live_event&)>& take) {
    step out{outcome::more};
    if (stopped()) {
        out.now = outcome::stopped;
        return out;
    }
    out.restarted = std::exchange(restarted_, false);
    if (!seek_.found()) {
        seek_.step();
        next_ = seek_.first();
        return out;
    }
    const std::uint64_t end = feed_->history_->end();
    if (next_ >= end) {
        if (!sleeps(out.now))
            out.now = outcome::more;
        return out;
    }
    const live_history::slice found = feed_->history_->read(next_, end, most);
    if (found.overtaken && std::exchange(begun_, true)) {
        if (slow_ == slow_client::close) {
            out.now = outcome::overtaken;
            return out;
        }
        out.missed = end - next_;
        feed_->books_.missed_messages.add(out.missed);
        next_ = end;
        return out;
    }
    begun_ = true;
    out.missed = found.missed;
    next_ += found.missed;
    std::size_t bytes = 0;
    for (const live_history::entry& each : found.entries)
        if (bytes < most)
            take_from(each, most, bytes, take);
    return out;
}

// Stops behind the event that makes it enough.
void live_feed::subscription::take_from(const live_history::entry& entry, std::size_t most,
                                        std::size_t& bytes,
                                        const std::function<void(const live_event&)>& take) {
    const batch& messages = *entry.messages;
    const batch_topics& topics = topics_of(messages);
    const auto* const names = feed_->listeners_;
    const std::string time = rfc3339(messages.received());
    live_event event{};
    event.time = time;
    if (names && messages.source() < names->size())
        event.listener = (*names)[messages.source()];
    std::size_t index = next_ - entry.first;
    for (auto at = std::next(messages.begin(), static_cast<std::ptrdiff_t>(index));
         index < messages.size() && bytes < most; ++at, ++index) {
        ++next_;
        event.topic = topics[index];
        if (!topics_.matches(event.topic))
            continue;
        event.seq = next_ - 1;
        event.data = *at;
        bytes += event.data.size() + event.topic.size() + 64;
        take(event);
    }
}

void live_feed::subscription::leave() {
    if (std::exchange(listening_, false))
        feed_->books_.clients.add(-1);
    running_.reset();
}

bool live_feed::subscription::stopped() {
    const std::lock_guard lock(feed_->mutex_);
    return feed_->state_ == state::stopped;
}

// False where something has come meanwhile.
bool live_feed::subscription::sleeps(outcome& now) {
    const std::lock_guard lock(feed_->mutex_);
    asleep_ = true;
    feed_->somebody_sleeps_ = true;
    if (next_ < feed_->history_->end()) { // whoever has appended it may have seen nobody sleep
        asleep_ = false;
        return false;
    }
    asleep_ = feed_->state_ == state::running;
    now = asleep_ ? outcome::nothing : outcome::finished;
    return true;
}

void live_feed::start(std::shared_ptr<void> running) {
    const std::lock_guard lock(mutex_);
    running_ = std::move(running);
    state_ = state::running;
}

std::unique_ptr<live_subscription> live_feed::subscribe(const live_wish& wish,
                                                        std::function<void()> wake) {
    const std::lock_guard lock(mutex_);
    if (state_ != state::running)
        return nullptr;
    auto fresh =
        std::make_unique<subscription>(shared_from_this(), wish, std::move(wake), running_);
    all_.insert(fresh.get());
    return fresh;
}

void live_feed::wake() {
    if (!somebody_sleeps_.exchange(false))
        return;
    const std::lock_guard lock(mutex_);
    wake_sleepers();
}

void live_feed::wake_sleepers() {
    for (subscription* each : all_)
        if (std::exchange(each->asleep_, false))
            each->wake_();
}

void live_feed::enter(state next) {
    const std::lock_guard lock(mutex_);
    state_ = std::max(state_, next);
    running_.reset();
    wake_sleepers();
}

void live_feed::finish() { enter(state::finishing); }

void live_feed::stop() {
    enter(state::stopped);
    const std::lock_guard lock(mutex_);
    for (subscription* each : all_) // the books may be gone before they are
        each->leave();
}

bool live_feed::empty() {
    const std::lock_guard lock(mutex_);
    return all_.empty();
}

} // namespace weir
