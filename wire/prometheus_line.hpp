// A sample as a line of the Prometheus text exposition format 0.0.4, without its line end:
// name{label="value"} 1.5, and the timestamp in milliseconds where there is one. Pure, usable from
// any thread.
#pragma once

#include "wire/prometheus_text.hpp"

#include <string>

namespace weir {

void append_prometheus_line(std::string& out, const prometheus_sample& sample);

} // namespace weir
