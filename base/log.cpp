#include "base/log.hpp"

#include <boost/json/serialize.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>

namespace weir {

namespace {

// %* in the pattern: the message as a JSON string.
class json_message : public spdlog::custom_flag_formatter {
public:
    void format(const spdlog::details::log_msg& message, const std::tm&,
                spdlog::memory_buf_t& out) override {
        const std::string_view text(message.payload.data(), message.payload.size());
        const std::string quoted = boost::json::serialize(boost::json::string_view(text));
        out.append(quoted.data(), quoted.data() + quoted.size());
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<json_message>();
    }
};

} // namespace

void start_logging(spdlog::level::level_enum level, log_format format, bool above_status) {
    auto logger = spdlog::stderr_color_mt("weir");
    logger->set_level(level);
    if (format == log_format::json) {
        auto formatter = std::make_unique<spdlog::pattern_formatter>();
        formatter->add_flag<json_message>('*').set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z","level":"%l","message":%*})");
        logger->set_formatter(std::move(formatter));
    } else {
        const std::string wipe = above_status ? "\r\033[K" : "";
        logger->set_pattern(wipe + "%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %v");
    }
    spdlog::set_default_logger(std::move(logger));
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
