#include "queues/topics.hpp"

#include "wire/json_type.hpp"

#include <algorithm>
#include <memory>

namespace weir {

// Few topics in a batch are the rule, and the same again the most likely.
void batch_topics::add(std::string_view topic) {
    if (numbers_.empty() || names_[numbers_.back()] != topic) {
        const auto known = std::find(names_.begin(), names_.end(), topic);
        numbers_.push_back(static_cast<std::uint32_t>(known - names_.begin()));
        if (known == names_.end())
            names_.emplace_back(topic);
    } else {
        numbers_.push_back(numbers_.back());
    }
}

const batch_topics& topics_of(const batch& of) {
    if (const batch_topics* known = of.topics())
        return *known;
    auto found = std::make_unique<batch_topics>();
    if (!of.topic().empty())
        found->names_.emplace_back(of.topic());
    else
        for (std::string_view message : of)
            found->add(json_type(message));
    return of.keep(std::move(found));
}

} // namespace weir
