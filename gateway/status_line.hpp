// The one line on a terminal that shows rates in and out, clients and losses. Main thread.
#pragma once

#include "gateway/metrics.hpp"

#include <chrono>
#include <map>
#include <string>

namespace weir {

class status_line {
public:
    explicit status_line(const metrics& books) : books_(books) {}

    // The line as of now; rates are since the last call.
    std::string text(std::chrono::steady_clock::time_point now);

private:
    double rate(const void* what, std::uint64_t total, double seconds);

    const metrics& books_;
    std::chrono::steady_clock::time_point last_{};
    std::map<const void*, std::uint64_t> totals_; // by the address of their books
};

std::string short_number(double n); // 999, 1.2k, 34M

} // namespace weir
