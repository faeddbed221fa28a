// What a /metrics page says: the Prometheus text exposition format 0.0.4 and OpenMetrics 1.0 text.
// Sans-I/O, over a whole page; one parser is used by one thread.
//
//     prometheus_parser page(text, prometheus_format_from(content_type));
//     for (prometheus_sample sample; page.next(sample);) …
//     if (page.errors() > 0) …  page.first_error().line, .what
//
// Histograms and summaries come as their samples (_bucket, _sum, _count, quantiles), each with the
// type of its family. HELP and UNIT are checked and dropped, so are exemplars.
//
// A line that is wrong costs itself alone: it is counted, and the next one is read. Wrong is what
// is no sample: names, quotes, numbers, a label twice, what is not UTF-8; a second TYPE for a name;
// a unit that its name does not end with; and in OpenMetrics a comment of any other kind, what
// stands behind `# EOF`, and a page that ends without it, which may have been cut. Blanks are free
// in both formats, and so are empty lines, a comma behind the last label, and a last line without
// its end. Nothing is checked across lines: whether buckets add up, or a sample comes twice.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class prometheus_format { text, openmetrics };

// By the answer's Content-Type; what is not called OpenMetrics is read as the older format.
prometheus_format prometheus_format_from(std::string_view content_type);

enum class metric_type {
    unknown, // "untyped" in 0.0.4, or without a TYPE
    counter,
    gauge,
    histogram,
    summary,
    gaugehistogram,
    stateset,
    info
};
std::string_view to_string(metric_type type);

struct prometheus_label {
    std::string_view name; // of the page
    std::string value;     // without its escapes; UTF-8
};

struct prometheus_sample {
    std::string_view name; // of the page, as it stands there: with _total, _bucket, _sum
    metric_type type = metric_type::unknown;
    std::vector<prometheus_label> labels;  // in their order, no name twice
    double value = 0;                      // NaN and both infinities among them
    std::optional<std::int64_t> timestamp; // milliseconds since 1970
};

class prometheus_parser {
public:
    struct fault {
        std::size_t line = 0; // from 1
        std::string_view what;
    };

    // `page` outlives it, and what it gives.
    prometheus_parser(std::string_view page, prometheus_format format)
        : rest_(page), openmetrics_(format == prometheus_format::openmetrics) {}

    // The next sample, into one that may be used again and again. False: there is none left.
    bool next(prometheus_sample& to);

    std::size_t errors() const { return errors_; }            // wrong lines so far
    const fault& first_error() const { return first_error_; } // where there are any

private:
    std::string_view take_line();
    // Empty where all is well, else what is wrong.
    std::string_view read_comment(std::string_view line);
    std::string_view read_type(std::string_view text);
    std::string_view read_sample(std::string_view line, prometheus_sample& to);
    metric_type type_of(std::string_view sample) const;
    void count(std::string_view what);

    std::string_view rest_;
    const bool openmetrics_;
    bool ended_ = false; // by # EOF
    std::size_t line_ = 0;
    std::size_t errors_ = 0;
    fault first_error_;
    std::map<std::string_view, metric_type> types_;
    std::vector<std::string_view> names_; // of a sample's labels, sorted
};

} // namespace weir
