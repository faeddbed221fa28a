// Which new sink takes over from which old one at a reload, at the very message where the old one
// ends. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct sink_place {
    std::string_view flag;
    std::string target; // a path, a URL with its secrets, an address
    std::string shown;  // the same as it may be shown; empty: it has no heir
};

constexpr std::size_t no_heir = std::size_t(-1);

// For each that goes the index of its heir: one of the same target, else one that is shown alike,
// for a secret may be what has changed. Nobody inherits from two, which end at different messages.
std::vector<std::size_t> heirs(std::span<const sink_place> gone, std::span<const sink_place> fresh);

} // namespace weir
