// Spans as collectors take them: Zipkin's JSON v2 (a list of spans, POST /api/v2/spans) and OTLP
// over HTTP in JSON (an ExportTraceServiceRequest, POST /v1/traces; ids are in hex there,
// enumerations numbers and 64-bit numbers texts). Pure functions.
#pragma once

#include "queues/spans.hpp"

#include <span>
#include <string>
#include <string_view>

namespace weir {

std::string zipkin_json(std::span<const trace_span> spans);
std::string otlp_json(std::span<const trace_span> spans);

// How many the answer to that says were rejected (ExportTraceServiceResponse); 0 where it does not.
std::size_t otlp_rejected_spans(std::string_view answer);

} // namespace weir
