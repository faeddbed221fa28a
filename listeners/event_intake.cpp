#include "listeners/event_intake.hpp"

namespace weir {

namespace {

// What a queue's bound doesn't see of a batch, and what every further message is compared with.
constexpr std::size_t most_names = 64;
constexpr std::size_t most_name_bytes = 4096;

} // namespace

std::optional<refusal> event_intake::add(std::string_view topic, std::string_view data) {
    if (data.empty())
        return refusal::empty;
    if (data.size() > max_message_)
        return refusal::oversize;
    if (topic.size() > longest_topic)
        return refusal::bad_request;
    const bool told = !topic.empty() && !origin_.topic;
    const bool crowded =
        told_ && (told_->names() >= most_names || told_bytes_ + topic.size() > most_name_bytes);
    if (told != (told_ != nullptr) || crowded)
        close_batch();
    if (told) {
        if (!told_)
            told_ = std::make_unique<batch_topics>();
        const std::size_t names = told_->names();
        told_->add(topic);
        if (told_->names() > names)
            told_bytes_ += topic.size();
    }
    batch_.append(data);
    return std::nullopt;
}

void event_intake::close_batch() {
    if (batch_ptr done = batch_.finish()) {
        if (told_)
            done->keep(std::move(told_));
        bytes_ += done->arena().size();
        ready_.push_back(std::move(done));
    }
    told_.reset();
    told_bytes_ = 0;
}

std::vector<batch_ptr> event_intake::take() {
    close_batch();
    bytes_ = 0;
    return std::exchange(ready_, {});
}

} // namespace weir
