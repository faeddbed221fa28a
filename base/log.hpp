// The one logger, on stderr. Nothing per message above trace, no payload, no secret.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <spdlog/spdlog.h>
#include <string>

namespace weir {

enum class log_format { text, json };

// Called once, before anything runs. `above_status`: each line first wipes the status line.
void start_logging(spdlog::level::level_enum level, log_format format, bool above_status = false);

// Lets one line in ten seconds through and says how many it held back. Any thread.
class log_limit {
public:
    // True if a line may be written now; `held_back` is the number since the last.
    bool pass(std::uint64_t& held_back,
              std::chrono::steady_clock::time_point now = std::chrono::steady_clock::now());

    // Warns now or counts.
    template <class... Args>
    void warn(spdlog::format_string_t<Args...> text, Args&&... args) {
        std::uint64_t held_back = 0;
        if (!pass(held_back))
            return;
        const std::string line = fmt::format(text, std::forward<Args>(args)...);
        if (held_back > 0)
            spdlog::warn("{} ({} more like this)", line, held_back);
        else
            spdlog::warn("{}", line);
    }

private:
    std::atomic<std::int64_t> next_{0}; // steady milliseconds
    std::atomic<std::uint64_t> held_back_{0};
};

} // namespace weir
