#include "gateway/config_value.hpp"

#include "base/option_text.hpp"
#include "gateway/environment.hpp"
#include "gateway/text_file.hpp"

#include <cmath>
#include <fmt/format.h>

namespace weir {

namespace {

std::string time_of(double seconds) {
    if (seconds < 0 || seconds > 1e12 || !std::isfinite(seconds))
        throw usage_error(fmt::format("'{}' is no time", seconds));
    return fmt::format("{}ms", std::llround(seconds * 1000));
}

std::string secret_in(const std::string& path) {
    std::string value = read_text_file(path);
    if (value.ends_with('\n'))
        value.pop_back();
    if (value.ends_with('\r'))
        value.pop_back();
    if (value.empty())
        throw usage_error("there is nothing in '" + path + "'");
    return value;
}

} // namespace

std::string text_of(const toml::node& value, const option& declared) {
    const bool time = declared.metavar == "TIME";
    if (const auto* string = value.as_string()) {
        std::string text = with_environment(string->get());
        return text.starts_with("file:") && is_secret(declared) ? secret_in(text.substr(5)) : text;
    }
    if (const auto* number = value.as_integer())
        return time ? time_of(static_cast<double>(number->get()))
                    : fmt::format("{}", number->get());
    if (const auto* number = value.as_floating_point())
        return time ? time_of(number->get()) : fmt::format("{}", number->get());
    if (const auto* boolean = value.as_boolean()) {
        if (!declared.is_switch)
            throw usage_error(fmt::format("is no switch: write {}", declared.metavar));
        return boolean->get() ? "on" : "off";
    }
    if (value.is_array())
        throw usage_error("takes one value, not several");
    if (value.is_table())
        throw usage_error("takes a value, not a table");
    throw usage_error("takes no date or time of day: write " + std::string(declared.metavar));
}

} // namespace weir
