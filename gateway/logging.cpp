#include "gateway/logging.hpp"

#include "gateway/log_levels.hpp"
#include "wire/json_text.hpp"

#include <cstdlib>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <string>

namespace weir {

namespace {

using spdlog::details::log_msg;

std::string_view component_of(const log_msg& message) {
    const std::string_view name(message.logger_name.data(), message.logger_name.size());
    return name.empty() ? "weir" : name;
}

std::string_view level_of(const log_msg& message) {
    for (const auto& [name, level] : choices(message.level))
        if (level == message.level)
            return name;
    return "error";
}

void append(spdlog::memory_buf_t& out, std::string_view text) {
    out.append(text.data(), text.data() + text.size());
}

// What follows the time of a JSON line, and what stands before the message of a text line.
class json_members final : public spdlog::custom_flag_formatter {
public:
    void format(const log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        std::string text = "\"level\":";
        append_json_string(text, level_of(message));
        text += ",\"component\":";
        append_json_string(text, component_of(message));
        text += ",\"message\":";
        append_json_string(text, {message.payload.data(), message.payload.size()});
        append(out, text);
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<json_members>();
    }
};

class component_prefix final : public spdlog::custom_flag_formatter {
public:
    void format(const log_msg& message, const std::tm&, spdlog::memory_buf_t& out) override {
        const std::string_view component = component_of(message);
        if (component == "weir")
            return;
        append(out, component);
        append(out, ": ");
    }
    std::unique_ptr<custom_flag_formatter> clone() const override {
        return std::make_unique<component_prefix>();
    }
};

} // namespace

std::unique_ptr<spdlog::formatter> make_log_formatter(log_format format, bool above_status) {
    auto formatter = std::make_unique<spdlog::pattern_formatter>();
    if (format == log_format::json) {
        formatter->add_flag<json_members>('*').set_pattern(
            R"({"time":"%Y-%m-%dT%H:%M:%S.%e%z",%*})");
    } else {
        const std::string wipe = above_status ? "\r\033[K" : "";
        formatter->add_flag<component_prefix>('*').set_pattern(
            wipe + "%Y-%m-%d %H:%M:%S.%e %^%-7l%$ %*%v");
    }
    return formatter;
}

void start_logging(const log_levels& levels, log_format format, bool above_status) {
    const char* const no_color = std::getenv("NO_COLOR");
    auto logger = spdlog::stderr_color_mt(
        "weir", no_color && *no_color ? spdlog::color_mode::never : spdlog::color_mode::automatic);
    for (const auto& sink : logger->sinks())
        sink->set_formatter(make_log_formatter(format, above_status));
    spdlog::set_default_logger(std::move(logger));
    set_log_levels(levels);
}

} // namespace weir
