#include "gateway/client/progress.hpp"

#include "gateway/status_line.hpp"

#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace weir::client {

progress::progress(status_mode mode)
    : on_(mode == status_mode::on ||
          (mode == status_mode::automatic && isatty(STDERR_FILENO) != 0)) {}

progress::~progress() {
    if (on_)
        fmt::print(stderr, "\r\033[K");
}

void progress::show(std::uint64_t total, std::string_view noun, const std::string& rest) {
    const clock::time_point now = clock::now();
    const double seconds = std::chrono::duration<double>(now - last_).count();
    if (!on_ || seconds < 0.5)
        return;
    fmt::print(stderr, "\r\033[K{}/s  {} {}  {}",
               short_number(static_cast<double>(total - last_total_) / seconds),
               short_number(static_cast<double>(total)), noun, rest);
    last_ = now;
    last_total_ = total;
}

} // namespace weir::client
