// The one log, on stderr. Nothing per message above trace, no payload, no secret.
//
// Every line is a component's, a kind of listener or sink ("udp", "post") or "weir", and each of
// them has a level, which may change at any time. Any thread; logging is not for hot paths.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <spdlog/spdlog.h>
#include <string>
#include <string_view>

namespace weir {

using log_level = spdlog::level::level_enum;

struct log_levels {
    log_level general = spdlog::level::info; // of whatever is not named
    std::map<std::string, log_level, std::less<>> of;
    friend bool operator==(const log_levels&, const log_levels&) = default;
};
void set_log_levels(const log_levels& wanted);
log_levels current_log_levels();

// A component's lines go to the sinks of spdlog's default logger, under the component's name.
class component_log {
public:
    explicit component_log(std::string_view name) : name_(name) {}

    bool tells(log_level level) const;
    void write(log_level level, std::string_view line) const; // if it tells that

    template <class... Args>
    void debug(spdlog::format_string_t<Args...> text, Args&&... args) const {
        if (tells(spdlog::level::debug))
            write(spdlog::level::debug, fmt::format(text, std::forward<Args>(args)...));
    }
    template <class... Args>
    void info(spdlog::format_string_t<Args...> text, Args&&... args) const {
        write(spdlog::level::info, fmt::format(text, std::forward<Args>(args)...));
    }
    template <class... Args>
    void warn(spdlog::format_string_t<Args...> text, Args&&... args) const {
        write(spdlog::level::warn, fmt::format(text, std::forward<Args>(args)...));
    }
    template <class... Args>
    void error(spdlog::format_string_t<Args...> text, Args&&... args) const {
        write(spdlog::level::err, fmt::format(text, std::forward<Args>(args)...));
    }

private:
    std::string name_;
};

// Lets one line in ten seconds through and says how many it held back. Any thread.
class log_limit {
public:
    explicit log_limit(std::string_view component = "weir") : log_(component) {}

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
            log_.warn("{} ({} more like this)", line, held_back);
        else
            log_.warn("{}", line);
    }

private:
    component_log log_;
    std::atomic<std::int64_t> next_{0}; // steady milliseconds
    std::atomic<std::uint64_t> held_back_{0};
};

} // namespace weir
