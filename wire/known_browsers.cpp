#include "wire/known_browsers.hpp"

#include <algorithm>

namespace weir {

known_browsers::known_browsers(user_agent_parser parser, std::size_t capacity)
    : parser_(std::move(parser)),
      generation_(std::max<std::size_t>(capacity / (2 * shard_count), 1)) {}

browser_ptr known_browsers::of(std::string_view user_agent) {
    const std::string_view text = user_agent.substr(0, user_agent_parser::most_bytes);
    shard& in = shards_[hash()(text) % shard_count];
    if (browser_ptr known = find(in, text))
        return known;
    auto fresh = std::make_shared<const browser>(parser_.parse(text));
    const std::lock_guard lock(in.mutex);
    keep(in, std::string(text), fresh);
    return fresh;
}

browser_ptr known_browsers::find(shard& in, std::string_view text) {
    const std::lock_guard lock(in.mutex);
    if (const auto found = in.young.find(text); found != in.young.end())
        return found->second;
    const auto found = in.old.find(text);
    if (found == in.old.end())
        return nullptr;
    auto aged = in.old.extract(found);
    keep(in, std::move(aged.key()), aged.mapped());
    return std::move(aged.mapped());
}

void known_browsers::keep(shard& in, std::string text, const browser_ptr& what) {
    if (in.young.size() >= generation_) {
        in.old = std::move(in.young);
        in.young = {};
    }
    in.young.insert_or_assign(std::move(text), what);
}

std::size_t known_browsers::size() const {
    std::size_t sum = 0;
    for (const shard& each : shards_) {
        const std::lock_guard lock(each.mutex);
        sum += each.young.size() + each.old.size();
    }
    return sum;
}

} // namespace weir
