#include "gateway/trace_options.hpp"

#include <charconv>
#include <fmt/format.h>

namespace weir {

void from_text(std::string_view text, trace_collector& to) {
    const std::size_t colon = text.find(':');
    const std::string_view name = text.substr(0, colon);
    if (colon == text.npos || (name != "zipkin" && name != "otlp"))
        throw usage_error("where to send traces is written zipkin:URL or otlp:URL");
    const bool zipkin = name == "zipkin";
    to.speaks = zipkin ? trace_collector::format::zipkin : trace_collector::format::otlp;
    to.url = parse_http_url(text.substr(colon + 1));
    if (to.url.target == "/")
        to.url.target = zipkin ? "/api/v2/spans" : "/v1/traces";
}

std::string to_text(const trace_collector& value) {
    const bool zipkin = value.speaks == trace_collector::format::zipkin;
    return (zipkin ? "zipkin:" : "otlp:") + to_text(value.url);
}

void from_text(std::string_view text, fraction& to) {
    double value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc() || end != text.data() + text.size() || !(value >= 0 && value <= 1))
        throw usage_error("'" + std::string(text) + "' is no number from 0 to 1");
    to.value = value;
}

std::string to_text(fraction value) { return fmt::format("{}", value.value); }

} // namespace weir
