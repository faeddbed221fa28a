// The topics of a batch's messages: what its listener was told, else the path behind /in/, both of
// which are the batch's own; else the `type` of each JSON object; else "".
#pragma once

#include "queues/batch.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class batch_topics {
public:
    // Of the message with this index.
    std::string_view operator[](std::size_t message) const {
        return names_[numbers_.empty() ? 0 : numbers_[message]];
    }

    // Of the next message; for a listener that is told the topic of each, and then hands all of
    // them to the finished batch (batch::keep), and for whoever edits a batch.
    void add(std::string_view topic);
    std::size_t names() const { return names_.size(); } // different ones

private:
    friend const batch_topics& topics_of(const batch& of);

    std::vector<std::string> names_;     // each once
    std::vector<std::uint32_t> numbers_; // of each message's name; empty: all have the first
};

// Looked for when first asked for, once a batch, and kept with it. From any thread.
const batch_topics& topics_of(const batch& of);

} // namespace weir
