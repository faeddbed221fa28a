// A step between queue and sink: what it does with one event. It may look at it, edit it, or say
// that the sink does not get it. A step belongs to one sink and is used on its thread alone, so it
// may keep something from event to event. Nothing in an event makes it throw.
#pragma once

#include "queues/batch.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir {

// One message on its way through the steps.
class passing_event {
public:
    void begin(std::string_view message, std::uint64_t number, std::string_view topic);

    std::string_view text() const { return text_; }         // as the steps before have left it
    std::string_view original() const { return original_; } // as it was received
    std::string_view topic() const { return topic_; }
    std::uint64_t seq() const { return seq_; } // its number among all that the queue had, from 1
    bool edited() const { return text_.data() != original_.data(); }

    bool is_object(); // whether the text is a JSON object; looked at once

    // An edit: write into what this returns, which is empty, then take it. Without take() the text
    // stays as it is. What is taken is a JSON object.
    std::string& draft();
    void take();

    // A step for JSON objects met something else and has left it as it is.
    void pass_by() { passed_by_ = true; }
    bool passed_by() const { return passed_by_; }

private:
    enum class object_is { unknown, yes, no };

    std::string_view text_;
    std::string_view original_;
    std::string_view topic_;
    std::uint64_t seq_ = 0;
    object_is object_ = object_is::unknown;
    bool passed_by_ = false;
    std::array<std::string, 2> drafts_; // the text may stand in one, the next draft is the other
    std::size_t next_draft_ = 0;
};

// What the events of a batch have in common.
struct batch_facts {
    receive_clock::time_point received;
    std::string_view listener; // its name
    std::chrono::steady_clock::time_point now;
};

class step {
public:
    virtual ~step() = default;

    // Before the events of a batch.
    virtual void begin(const batch_facts&) {}
    virtual bool apply(passing_event& each) = 0; // false: not for this sink

    virtual bool asks_topic() const { return false; }
    // Whether the `type` of an event, which may be its topic, is the same behind it.
    virtual bool keeps_type() const { return true; }
};

} // namespace weir
