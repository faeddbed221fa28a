#include "sinks/post_head.hpp"

#include "wire/trace_context.hpp"

#include <algorithm>
#include <boost/beast/core/string.hpp>

namespace weir {

namespace {

bool is_given(const post_options& options, std::string_view name) {
    return std::ranges::any_of(options.header, [name](const http_header& header) {
        return boost::beast::iequals(header.name, name);
    });
}

} // namespace

post_head::post_head(const post_options& options)
    : own_content_type_(is_given(options, "Content-Type")),
      own_trace_(is_given(options, "traceparent") || is_given(options, "tracestate")) {
    const auto add = [this](std::string_view name, std::string_view value) {
        fixed_.append(name).append(": ").append(value).append("\r\n");
    };
    fixed_ = "POST " + options.url.target + " HTTP/1.1\r\n";
    if (!is_given(options, "Host"))
        add("Host", options.url.host_header());
    if (!is_given(options, "User-Agent"))
        add("User-Agent", "weir/" WEIR_VERSION);
    if (!is_given(options, "Authorization") && !options.url.authorization.empty())
        add("Authorization", options.url.authorization);
    for (const http_header& header : options.header)
        add(header.name, header.value);
}

std::string post_head::of(const post_request& request, const trace_context* trace) const {
    std::string head = fixed_;
    if (!own_content_type_)
        head.append("Content-Type: ").append(request.content_type()).append("\r\n");
    if (trace && !own_trace_) {
        head.append("traceparent: ").append(to_traceparent(*trace)).append("\r\n");
        if (!trace->state.empty())
            head.append("tracestate: ").append(trace->state).append("\r\n");
    }
    if (request.gzipped())
        head += "Content-Encoding: gzip\r\n";
    head += "Content-Length: " + std::to_string(request.body().size()) + "\r\n\r\n";
    return head;
}

} // namespace weir
