#include "queues/steps/pipeline.hpp"

#include "queues/topics.hpp"

#include <chrono>
#include <utility>

namespace weir {

void pipeline::append(std::unique_ptr<step> next) {
    asks_topics_ = asks_topics_ || next->asks_topic();
    keeps_types_ = keeps_types_ && next->keeps_type();
    steps_.push_back(std::move(next));
}

void pipeline::become(std::unique_ptr<pipeline> other) {
    const std::lock_guard lock(mutex_);
    next_ = std::move(other);
    has_next_.store(true, std::memory_order_release);
}

void pipeline::take_next() {
    const std::lock_guard lock(mutex_);
    has_next_.store(false, std::memory_order_relaxed);
    steps_ = std::move(next_->steps_);
    asks_topics_ = next_->asks_topics_;
    keeps_types_ = next_->keeps_types_;
    next_.reset();
}

bool pipeline::pass(passing_event& each) {
    for (const std::unique_ptr<step>& next : steps_)
        if (!next->apply(each))
            return false;
    return true;
}

batch_ptr pipeline::apply(const batch_ptr& from, std::uint64_t first) {
    if (has_next_.load(std::memory_order_acquire))
        take_next();
    if (steps_.empty())
        return from;
    const bool has_name = listeners_ && from->source() < listeners_->size();
    const batch_facts facts{from->received(),
                            has_name ? std::string_view((*listeners_)[from->source()]) : "",
                            std::chrono::steady_clock::now()};
    for (const std::unique_ptr<step>& each : steps_)
        each->begin(facts);

    // Where the text no longer says the topic, the new batch has to be told.
    const bool asks = asks_topics_ || (!keeps_types_ && from->topic().empty());
    const batch_topics* const topics = asks ? &topics_of(*from) : nullptr;
    auto kept_topics = topics && from->topic().empty() ? std::make_unique<batch_topics>() : nullptr;
    batch_builder kept(from->origin(), from->arena().size());
    const auto keep = [&](std::string_view text, std::size_t index) {
        kept.append(text);
        if (kept_topics)
            kept_topics->add((*topics)[index]);
    };
    bool same = true;
    std::size_t index = 0;
    std::uint64_t passed_by = 0;
    for (const std::string_view message : *from) {
        event_.begin(message, first + index, topics ? (*topics)[index] : std::string_view());
        const bool wanted = pass(event_);
        passed_by += event_.passed_by() ? 1 : 0;
        if (same && (!wanted || event_.edited())) {
            same = false;
            auto before = from->begin();
            for (std::size_t i = 0; i < index; ++i, ++before)
                keep(*before, i);
        }
        if (!same && wanted)
            keep(event_.text(), index);
        ++index;
    }
    if (passed_by_ && passed_by > 0)
        passed_by_->add(passed_by);
    if (same)
        return from;
    batch_ptr out = kept.finish(from->received());
    if (out && kept_topics)
        out->keep(std::move(kept_topics));
    return out;
}

} // namespace weir
