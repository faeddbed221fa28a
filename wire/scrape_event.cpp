#include "wire/scrape_event.hpp"

#include "wire/json_text.hpp"
#include "wire/prometheus_line.hpp"
#include "wire/prometheus_number.hpp"
#include "wire/utc_time.hpp"

#include <cmath>
#include <fmt/format.h>
#include <iterator>

namespace weir {

namespace {

void append_value(std::string& out, double value) {
    const bool is_number = std::isfinite(value);
    if (!is_number)
        out += '"';
    append_prometheus_value(out, value);
    if (!is_number)
        out += '"';
}

void append_thousandths(std::string& out, std::int64_t thousandths) {
    const std::string_view sign = thousandths < 0 ? "-" : "";
    const auto size = thousandths < 0 ? 0 - static_cast<std::uint64_t>(thousandths)
                                      : static_cast<std::uint64_t>(thousandths);
    fmt::format_to(std::back_inserter(out), "{}{}.{:03}", sign, size / 1000, size % 1000);
}

} // namespace

void scrape_event::add(const prometheus_sample& sample) {
    metrics_ += metrics_.empty() ? "" : ",";
    metrics_.append(R"({"name":")").append(sample.name);
    metrics_.append(R"(","type":")").append(to_string(sample.type));
    metrics_ += R"(","labels":{)";
    for (const prometheus_label& label : sample.labels) {
        metrics_ += &label == sample.labels.data() ? "" : ",";
        metrics_.append("\"").append(label.name).append("\":\"");
        append_json_escaped(metrics_, label.value);
        metrics_ += '"';
    }
    metrics_ += R"(},"value":)";
    append_value(metrics_, sample.value);
    if (sample.timestamp) {
        metrics_ += R"(,"timestamp":)";
        append_thousandths(metrics_, *sample.timestamp);
    }
    metrics_ += '}';
}

std::string scrape_event::finish(const scrape_outcome& outcome) const {
    std::string out = R"({"time":")";
    append_utc_time(out, outcome.begun);
    out += R"(","target":)";
    append_json_string(out, outcome.target);
    out.append(R"(,"up":)").append(outcome.error.empty() ? "1" : "0");
    out += R"(,"duration":)";
    append_thousandths(out,
                       std::chrono::round<std::chrono::milliseconds>(outcome.duration).count());
    if (!outcome.error.empty()) {
        out += R"(,"error":)";
        append_json_string(out, outcome.error);
        return out + '}';
    }
    fmt::format_to(std::back_inserter(out), R"(,"samples":{})", outcome.samples);
    if (outcome.parse_errors > 0) {
        fmt::format_to(std::back_inserter(out), R"(,"parse_errors":{},"parse_error":)",
                       outcome.parse_errors);
        append_json_string(out, outcome.parse_error);
    }
    out.append(R"(,"metrics":[)").append(metrics_).append("]}");
    return out;
}

std::string up_line(std::string_view target, bool up) {
    prometheus_sample sample;
    sample.name = "up";
    sample.labels.push_back({"target", std::string(target)});
    sample.value = up ? 1 : 0;
    std::string out;
    append_prometheus_line(out, sample);
    return out;
}

} // namespace weir
