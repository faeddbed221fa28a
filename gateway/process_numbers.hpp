// What the kernel says of this process (proc(5)), for the process_* metrics. Any thread; a few
// microseconds, on Linux before 6.2 and with many descriptors more.
#pragma once

#include <cstdint>

namespace weir {

struct process_numbers {
    double cpu_seconds = 0;         // user and system, of all threads
    std::uint64_t resident = 0;     // bytes
    std::uint64_t virtual_size = 0; // bytes
    std::uint64_t open_files = 0;
    double most_files = 0; // the soft limit, perhaps infinite
    std::uint64_t threads = 0;
    double started = 0; // seconds since 1970
};

process_numbers read_process_numbers();

} // namespace weir
