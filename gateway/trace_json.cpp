#include "gateway/trace_json.hpp"

#include "wire/json_text.hpp"

#include <algorithm>
#include <boost/json/parse.hpp>
#include <charconv>
#include <chrono>
#include <fmt/format.h>

namespace weir {

namespace {

template <class Unit>
std::int64_t since_1970(receive_clock::time_point when) {
    return std::chrono::duration_cast<Unit>(when.time_since_epoch()).count();
}

// What a span is called: "accept http", "queue post", "deliver post".
std::string name_of(const trace_span& span) {
    switch (span.kind) {
    case span_kind::accept:
        return "accept " + span.listener->listener;
    case span_kind::queue:
        return "queue " + span.sink->sink;
    case span_kind::delivery:
        break;
    }
    return "deliver " + span.sink->sink;
}

bool is_request(const trace_span& span) {
    return span.kind == span_kind::delivery && span.sink->sink == "post";
}

bool is_linked(const trace_span& span) { return span.linked_trace != trace_id(); }

// Calls with the name and the text of everything that is said beside the times.
template <class Function>
void for_each_attribute(const trace_span& span, Function&& use) {
    if (span.listener) {
        use("weir.listener", span.listener->listener);
        use("weir.address", span.listener->address);
    } else {
        use("weir.sink", span.sink->sink);
        use("weir.target", span.sink->target);
    }
}

class json_list {
public:
    explicit json_list(std::string& out) : out_(out) {}
    std::string& next() {
        if (!std::exchange(first_, false))
            out_ += ',';
        return out_;
    }

private:
    std::string& out_;
    bool first_ = true;
};

void append_zipkin(std::string& out, const trace_span& span) {
    out += R"({"traceId":")" + to_hex(span.trace) + R"(","id":")" + to_hex(span.id) + '"';
    if (span.parent != span_id())
        out += R"(,"parentId":")" + to_hex(span.parent) + '"';
    if (span.kind == span_kind::accept)
        out += R"(,"kind":"SERVER")";
    else if (is_request(span))
        out += R"(,"kind":"CLIENT")";
    // A duration of nothing is not allowed.
    const auto begin = since_1970<std::chrono::microseconds>(span.begin);
    const auto took = since_1970<std::chrono::microseconds>(span.end) - begin;
    out += fmt::format(R"(,"name":"{}","timestamp":{},"duration":{})", name_of(span), begin,
                       std::max<std::int64_t>(took, 1));
    out += R"(,"localEndpoint":{"serviceName":"weir"},"tags":{)";
    out += fmt::format(R"("weir.messages":"{}")", span.messages);
    for_each_attribute(span, [&](std::string_view name, const std::string& value) {
        out += fmt::format(",\"{}\":", name);
        append_json_string(out, value);
    });
    if (span.failed)
        out += R"(,"error":"not delivered")";
    if (is_linked(span))
        out += R"(,"weir.sent_under":")" + to_hex(span.linked_trace) + "-" +
               to_hex(span.linked_span) + '"';
    out += "}}";
}

// SpanKind and Status.StatusCode of trace.proto.
constexpr int internal = 1;
constexpr int server = 2;
constexpr int client = 3;

void append_otlp(std::string& out, const trace_span& span) {
    out += R"({"traceId":")" + to_hex(span.trace) + R"(","spanId":")" + to_hex(span.id) + '"';
    if (span.parent != span_id())
        out += R"(,"parentSpanId":")" + to_hex(span.parent) + '"';
    const auto begin = since_1970<std::chrono::nanoseconds>(span.begin);
    const auto end = std::max(begin, since_1970<std::chrono::nanoseconds>(span.end));
    out += fmt::format(
        R"(,"name":"{}","kind":{},"startTimeUnixNano":"{}","endTimeUnixNano":"{}","attributes":[)",
        name_of(span),
        span.kind == span_kind::accept ? server
        : is_request(span)             ? client
                                       : internal,
        begin, end);
    out += fmt::format(R"({{"key":"weir.messages","value":{{"intValue":"{}"}}}})", span.messages);
    for_each_attribute(span, [&](std::string_view name, const std::string& value) {
        out += fmt::format(R"(,{{"key":"{}","value":{{"stringValue":)", name);
        append_json_string(out, value);
        out += "}}";
    });
    out += ']';
    if (is_linked(span))
        out += R"(,"links":[{"traceId":")" + to_hex(span.linked_trace) + R"(","spanId":")" +
               to_hex(span.linked_span) + "\"}]";
    if (span.failed)
        out += R"(,"status":{"code":2})";
    out += '}';
}

} // namespace

std::string zipkin_json(std::span<const trace_span> spans) {
    std::string out = "[";
    json_list list(out);
    for (const trace_span& each : spans)
        append_zipkin(list.next(), each);
    return out += ']';
}

std::string otlp_json(std::span<const trace_span> spans) {
    std::string out =
        R"({"resourceSpans":[{"resource":{"attributes":[)"
        R"({"key":"service.name","value":{"stringValue":"weir"}},)"
        R"({"key":"service.version","value":{"stringValue":")" WEIR_VERSION
        R"("}}]},"scopeSpans":[{"scope":{"name":"weir","version":")" WEIR_VERSION R"("},"spans":[)";
    json_list list(out);
    for (const trace_span& each : spans)
        append_otlp(list.next(), each);
    return out += "]}]}]}";
}

// A 64-bit number is text in JSON of protocol buffers, and as good as a number.
std::size_t otlp_rejected_spans(std::string_view answer) {
    boost::system::error_code fault;
    const boost::json::value read = boost::json::parse(answer, fault);
    const auto* const count =
        fault ? nullptr : read.find_pointer("/partialSuccess/rejectedSpans", fault);
    if (!count)
        return 0;
    if (count->is_number())
        return std::max<std::int64_t>(count->to_number<std::int64_t>(fault), 0);
    std::size_t number = 0;
    if (const auto* const text = count->if_string())
        std::from_chars(text->data(), text->data() + text->size(), number);
    return number;
}

} // namespace weir
