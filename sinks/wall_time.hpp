// The wall clock in milliseconds, for what names or compares dates.
#pragma once

#include <chrono>

namespace weir {

using wall_time = std::chrono::sys_time<std::chrono::milliseconds>;

inline wall_time wall_now() {
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
}

} // namespace weir
