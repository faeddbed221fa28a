#include "base/log.hpp"

#include <algorithm>
#include <mutex>
#include <spdlog/details/log_msg.h>
#include <spdlog/sinks/sink.h>

namespace weir {

namespace {

std::mutex mutex;
log_levels levels;

} // namespace

void set_log_levels(const log_levels& wanted) {
    const std::lock_guard lock(mutex);
    levels = wanted;
    // What is logged without a component is weir's own.
    const auto own = levels.of.find("weir");
    spdlog::set_level(own == levels.of.end() ? levels.general : own->second);
}

log_levels current_log_levels() {
    const std::lock_guard lock(mutex);
    return levels;
}

bool component_log::tells(log_level level) const {
    const std::lock_guard lock(mutex);
    const auto own = levels.of.find(name_);
    return level >= (own == levels.of.end() ? levels.general : own->second);
}

void component_log::write(log_level level, std::string_view line) const {
    if (!tells(level))
        return;
    const spdlog::details::log_msg message({name_.data(), name_.size()}, level,
                                           {line.data(), line.size()});
    const auto logger = spdlog::default_logger();
    for (const auto& sink : logger->sinks())
        if (sink->should_log(level))
            sink->log(message);
}

bool log_limit::pass(std::uint64_t& held_back, std::chrono::steady_clock::time_point now) {
    const std::int64_t at =
        std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
    std::int64_t next = next_.load(std::memory_order_relaxed);
    if (at < next || !next_.compare_exchange_strong(next, at + 10'000, std::memory_order_relaxed)) {
        held_back_.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    held_back = held_back_.exchange(0, std::memory_order_relaxed);
    return true;
}

} // namespace weir
