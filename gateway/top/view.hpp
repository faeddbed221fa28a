// The table that `weir top` shows: a line each, without line ends. Pure functions.
#pragma once

#include "gateway/top/snapshot.hpp"

#include <limits>
#include <string>
#include <vector>

namespace weir::top {

struct look {
    snapshot now;
    const snapshot* before = nullptr; // null: rates are not known yet
    double seconds = 0;               // between the two
    double clock = 0;                 // seconds since 1970
    std::string trouble;              // why `now` is no news
};

struct window {
    std::size_t columns = std::numeric_limits<std::size_t>::max();
    std::size_t rows = std::numeric_limits<std::size_t>::max();
};

// In a small window the lesser columns are left out, then names are shortened; of the rows those
// where nothing passed go first, and how many are missing is said.
std::vector<std::string> table_of(const look& at, const std::string& from, const window& fits = {});

// What fits: columns in code points, control characters taken out.
std::string cut_to(std::string_view line, std::size_t columns);

} // namespace weir::top
