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

    void add(std::string_view topic); // of one message more

private:
    friend const batch_topics& topics_of(const batch& of);

    std::vector<std::string> names_;     // each once
    std::vector<std::uint32_t> numbers_; // of each message's name; empty: all have the first
};

// Looked for when first asked for, once a batch, and kept with it. From any thread.
const batch_topics& topics_of(const batch& of);

} // namespace weir
