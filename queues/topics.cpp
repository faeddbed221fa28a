#include "queues/topics.hpp"

#include "base/topic_filter.hpp"
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

batch_ptr keep_topics(const batch_ptr& from, const topic_filter& wanted) {
    const batch_topics& topics = topics_of(*from);
    std::vector<bool> fits;
    for (const std::string& name : topics.names_)
        fits.push_back(wanted.matches(name));
    if (std::find(fits.begin(), fits.end(), false) == fits.end())
        return from;
    if (std::find(fits.begin(), fits.end(), true) == fits.end())
        return nullptr;
    batch_builder kept(from->source());
    auto kept_topics = std::make_unique<batch_topics>();
    std::size_t index = 0;
    for (std::string_view message : *from) {
        const std::uint32_t number = topics.numbers_[index++];
        if (!fits[number])
            continue;
        kept.append(message);
        kept_topics->add(topics.names_[number]);
    }
    batch_ptr out = kept.finish(from->received());
    if (out)
        out->keep(std::move(kept_topics));
    return out;
}

} // namespace weir
