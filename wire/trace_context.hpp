// To which trace a request belongs, by its fields: traceparent and tracestate (W3C Trace Context,
// level 1, sections 3.2 and 3.3), or else B3, as one field or as several
// (openzipkin/b3-propagation). Sans-I/O and usable from any thread; names of fields are compared
// without case, as HTTP's are. What is malformed counts as absent, as the W3C says.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

using trace_id = std::array<unsigned char, 16>; // never all zero where it stands for a trace
using span_id = std::array<unsigned char, 8>;

struct trace_context {
    trace_id trace{};
    span_id span{};         // the caller's, which is the parent of what is done for it
    std::uint8_t flags = 0; // as in traceparent: 1 is sampled, 2 that the trace's id is random
    std::string state;      // tracestate, or empty

    bool sampled() const { return (flags & 1) != 0; }
    friend bool operator==(const trace_context&, const trace_context&) = default;
};

// A request's fields as they came; views of the request.
struct trace_fields {
    // Keeps a field that is one of these.
    void take(std::string_view name, std::string_view value);
    bool any = false;

    std::string_view traceparent;
    bool traceparent_twice = false;
    std::array<std::string_view, 4> tracestate; // further ones make all of it void
    std::size_t tracestates = 0;
    std::string_view b3;
    std::string_view b3_trace;
    std::string_view b3_span;
    std::string_view b3_sampled;
    std::string_view b3_flags;
};

struct incoming_trace {
    std::optional<trace_context> context; // its sampled flag is clear where nobody has decided
    std::optional<bool> sampled;          // what the caller has decided, which B3 may leave open
};
incoming_trace read_trace(const trace_fields& fields);

std::optional<trace_context> parse_traceparent(std::string_view value);
incoming_trace parse_b3(std::string_view value); // the single field
bool is_tracestate(std::string_view value);      // a whole list, perhaps of several fields

std::string to_traceparent(const trace_context& context); // version 00
std::string to_hex(const trace_id& id);
std::string to_hex(const span_id& id);

} // namespace weir
