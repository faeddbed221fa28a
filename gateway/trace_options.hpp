// `--trace zipkin:URL` and `--trace otlp:URL`: where spans go, and how many requests begin a trace.
#pragma once

#include "base/options.hpp"
#include "base/tls_client.hpp"
#include "wire/http_url.hpp"

#include <string>
#include <string_view>

namespace weir {

struct trace_collector {
    enum class format { zipkin, otlp } speaks = format::zipkin;
    http_url url; // with the format's own path where none was given
};
void from_text(std::string_view text, trace_collector& to);
std::string to_text(const trace_collector& value);

struct fraction {
    double value = 0; // from 0 to 1
};
void from_text(std::string_view text, fraction& to);
std::string to_text(fraction value);

struct trace_options {
    trace_collector to;
    fraction sample{0.01};
    tls_client_options tls;
};
inline void declare(option_set& set, trace_options& o) {
    set.what("zipkin:URL|otlp:URL", o.to);
    set.add("sample", o.sample, "0..1", "how many of the requests that nobody has decided on");
    declare(set, o.tls);
}

// As a value of its own: the whole text of one flag.
inline void from_text(std::string_view text, trace_options& to) {
    to = parse_options<trace_options>(text);
    to.tls.check(to.to.url.tls, "https");
}
inline std::string to_text(const trace_options& value) { return show_options(value); }

} // namespace weir
