#include "gateway/process_numbers.hpp"

#include <ctime>
#include <filesystem>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace {

std::string first_line(const char* path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// Seconds since 1970 when the system was started.
double boot_time() {
    std::ifstream file("/proc/stat");
    for (std::string word; file >> word;)
        if (word == "btime") {
            double seconds = 0;
            file >> seconds;
            return seconds;
        }
    return 0;
}

std::uint64_t open_files() {
    struct stat folder {};
    if (::stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0)
        return static_cast<std::uint64_t>(folder.st_size); // since Linux 6.2
    std::uint64_t count = 0;
    std::error_code fault;
    for (auto at = std::filesystem::directory_iterator("/proc/self/fd", fault);
         !fault && at != std::filesystem::directory_iterator(); at.increment(fault))
        ++count;
    return count > 0 ? count - 1 : 0; // without the one that was opened to count
}

// The fields of /proc/self/stat from the third on, for the second may hold anything.
void read_stat(process_numbers& into) {
    const std::string line = first_line("/proc/self/stat");
    std::istringstream fields(line.substr(std::min(line.rfind(')') + 2, line.size())));
    std::string field;
    for (int number = 3; fields >> field && number <= 22; ++number) {
        if (number == 20)
            into.threads = std::stoull(field);
        if (number == 22)
            into.started =
                boot_time() + std::stod(field) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }
}

} // namespace

process_numbers read_process_numbers() {
    process_numbers out;
    timespec cpu{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    out.cpu_seconds = static_cast<double>(cpu.tv_sec) + static_cast<double>(cpu.tv_nsec) * 1e-9;
    std::istringstream pages(first_line("/proc/self/statm"));
    pages >> out.virtual_size >> out.resident;
    const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
    out.virtual_size *= page;
    out.resident *= page;
    out.open_files = open_files();
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    out.most_files = limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<double>::infinity()
                                                     : static_cast<double>(limit.rlim_cur);
    read_stat(out);
    return out;
}

} // namespace weir
