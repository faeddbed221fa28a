// The line that shows on a terminal how far a sending or listening command is. Main thread.
#pragma once

#include "gateway/status_mode.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace weir::client {

class progress {
public:
    explicit progress(status_mode mode);
    ~progress(); // wipes the line

    // Draws it anew, twice a second at most: the rate since the last time, then `rest`.
    void show(std::uint64_t total, std::string_view noun, const std::string& rest);
    std::chrono::duration<double> elapsed() const { return clock::now() - began_; }

private:
    using clock = std::chrono::steady_clock;

    bool on_;
    clock::time_point began_ = clock::now();
    clock::time_point last_ = began_;
    std::uint64_t last_total_ = 0;
};

} // namespace weir::client
