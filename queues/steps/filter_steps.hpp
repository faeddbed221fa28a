// Steps that let some events pass: by topic (base/topic_filter.hpp) or by a member of the JSON
// object that an event is. All throw usage_error.
#pragma once

#include "queues/steps/step.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Whether filter=TEXT is about a member (PATH=TEXT, PATH!=TEXT, PATH~REGEX, PATH!~REGEX) and not a
// topic.
bool is_member_filter(std::string_view text);

std::unique_ptr<step> make_topic_step(const std::vector<std::string>& patterns);
std::unique_ptr<step> make_member_step(std::string_view text);

} // namespace weir
