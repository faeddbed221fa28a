#include "queues/steps/step.hpp"

#include "wire/json_edit.hpp"

namespace weir {

void passing_event::begin(std::string_view message, std::uint64_t number, std::string_view topic) {
    text_ = original_ = message;
    topic_ = topic;
    seq_ = number;
    object_ = object_is::unknown;
    passed_by_ = false;
}

bool passing_event::is_object() {
    if (object_ == object_is::unknown)
        object_ = is_json_object(text_) ? object_is::yes : object_is::no;
    return object_ == object_is::yes;
}

std::string& passing_event::draft() {
    drafts_[next_draft_].clear();
    return drafts_[next_draft_];
}

void passing_event::take() {
    text_ = drafts_[next_draft_];
    next_draft_ = 1 - next_draft_;
    object_ = object_is::yes;
}

} // namespace weir
