// The events of `--scrape`, one a scrape, as JSON without a line end:
//
//   {"time":…,"target":…,"up":1,"duration":0.012,"samples":2,"metrics":[
//     {"name":"x_total","type":"counter","labels":{"a":"b"},"value":1.5,"timestamp":1395066363.123}]}
//   {"time":…,"target":…,"up":0,"duration":0.012,"error":"status 503"}
//
// `time` is when the scrape began, RFC 3339 in UTC; `duration` and `timestamp` (of samples that
// have one) are in seconds. A value that JSON has no number for is a string: "NaN", "+Inf", "-Inf".
// `samples` counts what was on the page, `metrics` holds what was added. Where lines of the page
// were wrong, `parse_errors` counts them and `parse_error` is the first.
//
// One a scrape, used by one thread.
#pragma once

#include "wire/prometheus_text.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace weir {

struct scrape_outcome {
    std::chrono::system_clock::time_point begun;
    std::chrono::nanoseconds duration{};
    std::string_view target; // without secrets
    std::size_t samples = 0;
    std::size_t parse_errors = 0;
    std::string parse_error;
    std::string error; // not empty: down, and the rest says nothing
};

class scrape_event {
public:
    void add(const prometheus_sample& sample);
    std::string finish(const scrape_outcome& outcome) const;

private:
    std::string metrics_;
};

// Of format=lines: up{target="…"} 1, or 0.
std::string up_line(std::string_view target, bool up);

} // namespace weir
