// The table that `weir top` shows: a line each, without line ends. Pure functions.
#pragma once

#include "gateway/top/snapshot.hpp"

#include <string>
#include <vector>

namespace weir::top {

struct look {
    snapshot now;
    const snapshot* before = nullptr; // null: rates are not known yet
    double seconds = 0;               // between the two
    double clock = 0;                 // seconds since 1970
};

std::vector<std::string> table_of(const look& at, const std::string& from);

// What fits: columns in code points, control characters taken out.
std::string cut_to(std::string_view line, std::size_t columns);

} // namespace weir::top
