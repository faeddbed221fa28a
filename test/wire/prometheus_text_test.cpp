#include "wire/prometheus_text.hpp"

#include "wire/prometheus_line.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

constexpr auto text = prometheus_format::text;
constexpr auto openmetrics = prometheus_format::openmetrics;

struct page {
    explicit page(const std::string& content, prometheus_format format = text) : bytes(content) {
        prometheus_parser parser(bytes, format);
        for (prometheus_sample sample; parser.next(sample);)
            samples.push_back(sample);
        prometheus_sample none;
        BOOST_TEST(!parser.next(none));
        errors = parser.errors();
        if (errors > 0)
            first = parser.first_error();
    }
    // "TYPE LINE", one after another.
    std::string said() const {
        std::string out;
        for (const prometheus_sample& sample : samples) {
            out.append(out.empty() ? "" : "\n").append(to_string(sample.type)).append(" ");
            append_prometheus_line(out, sample);
        }
        return out;
    }

    std::string bytes;
    std::vector<prometheus_sample> samples;
    std::size_t errors = 0;
    prometheus_parser::fault first;
};

void check(const std::string& content, const std::string& said, prometheus_format format = text) {
    const page read(content, format);
    BOOST_TEST(read.said() == said, content << " gave " << read.said());
    BOOST_TEST(read.errors == 0u, content << " has " << read.first.what);
}

// The only line, and what is wrong with it.
void check_wrong(const std::string& line, std::string_view what, prometheus_format format = text) {
    // The lines around it are not touched.
    const std::string end = format == openmetrics ? "# EOF\n" : "";
    const page read("before 1\n" + line + "\nafter 2\n" + end, format);
    BOOST_TEST(read.said() == "unknown before 1\nunknown after 2", line);
    BOOST_TEST(read.errors == 1u, line << " gives " << read.errors);
    BOOST_TEST(read.first.line == 2u, line);
    BOOST_TEST(read.first.what.find(what) != what.npos,
               line << " is said to be " << read.first.what);
}

std::string metrics(const std::string& lines) { return lines + "# EOF\n"; }

} // namespace

BOOST_AUTO_TEST_SUITE(prometheus_text)

BOOST_AUTO_TEST_CASE(the_example_of_the_format_s_own_documentation) {
    check(R"(# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

# A weird metric from before the epoch:
something_weird{problem="division by zero"} +Inf -3982045

# A histogram, which has a pretty complex representation in the text format:
# HELP http_request_duration_seconds A histogram of the request duration.
# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423
http_request_duration_seconds_count 144320

# Finally a summary, which has a complex representation, too:
# HELP rpc_duration_seconds A summary of the RPC duration in seconds.
# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.01"} 3102
rpc_duration_seconds_sum 1.7560473e+07
rpc_duration_seconds_count 2693
)",
          R"(counter http_requests_total{method="post",code="200"} 1027 1395066363000
counter http_requests_total{method="post",code="400"} 3 1395066363000
unknown msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1458255915
unknown metric_without_timestamp_and_labels 12.47
unknown something_weird{problem="division by zero"} +Inf -3982045
histogram http_request_duration_seconds_bucket{le="0.05"} 24054
histogram http_request_duration_seconds_bucket{le="+Inf"} 144320
histogram http_request_duration_seconds_sum 53423
histogram http_request_duration_seconds_count 144320
summary rpc_duration_seconds{quantile="0.01"} 3102
summary rpc_duration_seconds_sum 17560473
summary rpc_duration_seconds_count 2693)");
}

BOOST_AUTO_TEST_CASE(openmetrics_has_its_own_types_seconds_units_and_exemplars) {
    check(R"(# TYPE acme_http_router_request_seconds summary
# UNIT acme_http_router_request_seconds seconds
# HELP acme_http_router_request_seconds Latency \\ of \"all\" of ACME's HTTP request router.
acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 1605281325.0
# TYPE go_goroutines gauge
go_goroutines 69
# TYPE foo counter
foo_total{path="a"} 17.0 1520879607.789 # {trace_id="oHg5SJYRHA0"} 1 1520879607.7891
foo_total{path="b"} 17.0 # {} -Inf
foo_created 1520430000.123
# TYPE h histogram
h_bucket{le="+Inf"} 17 # {trace_id="a \" } # b",span="2"} 0.67
h_created 1
# TYPE g gaugehistogram
g_bucket{le="0.01"} 20
g_gcount 20
g_gsum 3
# TYPE s stateset
s{s="a"} 1
# TYPE build info
build_info{version="8.2.7"} 1
# TYPE u unknown
u 1 -0.0015
# EOF)",
          R"(summary acme_http_router_request_seconds_sum{path="/api/v1",method="GET"} 9036.32
summary acme_http_router_request_seconds_created{path="/api/v1",method="GET"} 1605281325
gauge go_goroutines 69
counter foo_total{path="a"} 17 1520879607789
counter foo_total{path="b"} 17
counter foo_created 1520430000.123
histogram h_bucket{le="+Inf"} 17
histogram h_created 1
gaugehistogram g_bucket{le="0.01"} 20
gaugehistogram g_gcount 20
gaugehistogram g_gsum 3
stateset s{s="a"} 1
info build_info{version="8.2.7"} 1
unknown u 1 -2)",
          openmetrics);
}

BOOST_AUTO_TEST_CASE(names_are_letters_digits_underscores_and_colons) {
    check("a 1\n_ 2\n:rule:x5 3\nA9_z 4\n", "unknown a 1\nunknown _ 2\nunknown :rule:x5 3\n"
                                            "unknown A9_z 4");
    check("m{_a9=\"1\",A=\"2\"} 1\n", "unknown m{_a9=\"1\",A=\"2\"} 1");
    check_wrong("9a 1", "name is expected");
    check_wrong("-a 1", "name is expected");
    check_wrong("{a=\"b\"} 1", "name is expected");
    check_wrong("{\"a.b\"} 1", "name is expected");
    check_wrong("a.b 1", "something wrong in it");
    check_wrong("a-b{} 1", "something wrong in it");
    check_wrong("gr\xc3\xbcn 1", "something wrong in it");
    check_wrong("a", "something wrong in it");
    check_wrong("m{a:b=\"1\"} 1", "without '='");
    check_wrong("m{9=\"1\"} 1", "label's name");
    check_wrong("m{a.b=\"1\"} 1", "without '='");
}

BOOST_AUTO_TEST_CASE(labels_may_be_none_and_end_with_a_comma) {
    check("a{} 1\na{ } 2\nm{a=\"\",} 3\n", "unknown a 1\nunknown a 2\nunknown m{a=\"\"} 3");
    check("m{a=\"}\",b=\",\",c=\"=\",d=\"#\",e=\" \"} 1\n",
          "unknown m{a=\"}\",b=\",\",c=\"=\",d=\"#\",e=\" \"} 1");
    check_wrong("m{,} 1", "label's name");
    check_wrong("m{a=\"1\",,} 1", "label's name");
    check_wrong("m{a=\"1\" b=\"2\"} 1", "no end");
    check_wrong("m{a=\"1\"", "no end");
    check_wrong("m{", "label's name");
    check_wrong("m{a=\"1\",", "label's name");
    check_wrong("m{a} 1", "without '='");
    check_wrong("m{a=1} 1", "no quotes");
    check_wrong("m{a='1'} 1", "no quotes");
    check_wrong("m{a=\"1} 1", "no end");
    check_wrong("m{a=\"1\\\"} 1", "no end");
    check_wrong("m{a=\"1\\", "no end");
    check_wrong("m{a=\"1\",b=\"2\",a=\"1\"} 1", "twice");
    check_wrong("m{a=\"1\"}", "no number");
    check_wrong("m}a=\"1\"{ 1", "something wrong in it");
}

BOOST_AUTO_TEST_CASE(values_of_labels_lose_their_escapes) {
    const page read("m{a=\"\\\\n\\n\\\"\\x\\\\\",b=\"gr\xc3\xbcn\xf0\x9f\x98\x80\"} 1\n");
    BOOST_REQUIRE(read.samples.size() == 1u);
    BOOST_TEST(read.samples[0].labels[0].value == "\\n\n\"\\x\\");
    BOOST_TEST(read.samples[0].labels[1].value == "gr\xc3\xbcn\xf0\x9f\x98\x80");
    check_wrong("m{a=\"\xff\"} 1", "UTF-8");
    check_wrong("m{a=\"\xed\xa0\x80\"} 1", "UTF-8"); // a surrogate
    check_wrong("m{a=\"\xc0\x80\"} 1", "UTF-8");     // overlong
}

BOOST_AUTO_TEST_CASE(a_sample_that_is_used_again_keeps_nothing) {
    const std::string lines = "a{x=\"1\",y=\"22\"} 1 5\nb 2\nc{z=\"3\"} 3\n";
    prometheus_parser parser(lines, text);
    prometheus_sample sample;
    std::string out;
    while (parser.next(sample)) {
        append_prometheus_line(out, sample);
        out += '\n';
    }
    BOOST_TEST(out == lines);
}

BOOST_AUTO_TEST_CASE(values_are_what_a_double_can_be) {
    check("a 0\na -0\na +1\na 1.\na .5\na 1e3\na 1E-2\na +1.5e+300\na -2e-3\n",
          "unknown a 0\nunknown a -0\nunknown a 1\nunknown a 1\nunknown a 0.5\nunknown a 1000\n"
          "unknown a 0.01\nunknown a 1.5e+300\nunknown a -0.002");
    check("a NaN\na nan\na Inf\na +inf\na -Inf\na Infinity\na -INFINITY\n",
          "unknown a NaN\nunknown a NaN\nunknown a +Inf\nunknown a +Inf\nunknown a -Inf\n"
          "unknown a +Inf\nunknown a -Inf");
    check("a 1.7976931348623157e308\na 5e-324\na 1e-400\na 0.1\na 9007199254740993\n",
          "unknown a 1.7976931348623157e+308\nunknown a 5e-324\nunknown a 0\nunknown a 0.1\n"
          "unknown a 9007199254740992");
    for (const char* wrong :
         {"1e309", "-1e400", "0x10", "1_000", "1,5", "--1", "+-1", "- 1x", "+NaN", "nan(1)",
          "infinit", "1e", "e5", ".", "+", "1.2.3", "one", "\"1\"", "#"})
        check_wrong("a " + std::string(wrong), "no number");
}

BOOST_AUTO_TEST_CASE(timestamps_are_whole_milliseconds_in_the_older_format) {
    check("a 1 0\na 1 -1\na 1 9223372036854775807\n",
          "unknown a 1 0\nunknown a 1 -1\nunknown a 1 9223372036854775807");
    for (const char* wrong :
         {"1.5", "+1", "1e3", "9223372036854775808", "now", "NaN", "-", "# {} 1"})
        check_wrong("a 1 " + std::string(wrong), "no time");
    check_wrong("a 1 2 3", "behind the sample");
    check_wrong("a 1 2 # {} 1", "behind the sample");
}

BOOST_AUTO_TEST_CASE(timestamps_are_seconds_in_openmetrics) {
    check(metrics("a 1 0\na 1 1.0005\na 1 -1.5\na 1 1e9\na 1 +2\n"),
          "unknown a 1 0\nunknown a 1 1001\nunknown a 1 -1500\nunknown a 1 1000000000000\n"
          "unknown a 1 2000",
          openmetrics);
    for (const char* wrong : {"NaN", "Inf", "1e17", "-1e300", "now", "-"})
        check_wrong("a 1 " + std::string(wrong), "no time", openmetrics);
    check_wrong("a 1 2 3", "behind the sample", openmetrics);
}

BOOST_AUTO_TEST_CASE(exemplars_are_checked_and_dropped) {
    for (const char* wrong : {"#", "# 1", "# {a=\"b\"}", "# {a=\"b\"} x", "# {a=\"b\" 1",
                              "# {a=\"b\"} 1 x", "# {a=\"b\"} 1 2 3", "# {a=b} 1"})
        check_wrong("a_total 1 " + std::string(wrong), "exemplar", openmetrics);
    check(metrics("a_total 1 2 #{}1\n"), "unknown a_total 1 2000", openmetrics);
}

BOOST_AUTO_TEST_CASE(blanks_are_free) {
    check(" \t a \t {\t a\t=\t\"1\" ,\tb = \"2\" , } \t 1 \t 2 \t \n\n \t\n  # TYPE \t b \t gauge "
          "\t\nb\t2",
          "unknown a{a=\"1\",b=\"2\"} 1 2\ngauge b 2");
    check("a{}1\na{x=\"1\"}1\n", "unknown a 1\nunknown a{x=\"1\"} 1");
    check_wrong("a 1\r", "no number");
    check_wrong("a\v1", "something wrong in it");
}

BOOST_AUTO_TEST_CASE(a_type_holds_for_the_samples_of_its_family_behind_it) {
    check("a 1\n# TYPE a counter\na 2\na_b 3\nab 4\n# TYPE x untyped\nx 5\n",
          "unknown a 1\ncounter a 2\nunknown a_b 3\nunknown ab 4\nunknown x 5");
    // The longer name is the family's own.
    check("# TYPE a summary\n# TYPE a_sum gauge\na_sum 1\na_count 2\na 3\na_bucket 4\n",
          "gauge a_sum 1\nsummary a_count 2\nsummary a 3\nunknown a_bucket 4");
    check("# TYPE a gauge\na_total 1\na_info 1\n", "unknown a_total 1\nunknown a_info 1");
    check_wrong("# TYPE 9 gauge", "without a metric's name");
    check_wrong("# TYPE", "without a metric's name");
    check_wrong("# TYPE a", "nobody knows");
    check_wrong("# TYPE a Counter", "nobody knows");
    check_wrong("# TYPE a counter x", "nobody knows");
    const page twice("# TYPE a counter\n# TYPE a gauge\na 1\n");
    BOOST_TEST(twice.said() == "counter a 1");
    BOOST_TEST(twice.errors == 1u);
    BOOST_TEST(twice.first.line == 2u);
}

BOOST_AUTO_TEST_CASE(comments_are_free_in_the_older_format_alone) {
    check("#\n# \n#a\n# anything { \"\n#TYPE a\n# EOF\n# UNIT a b\n# HELP a\n# HELP a \\q\na 1\n",
          "unknown a 1");
    check_wrong("# HELP", "HELP without");
    check_wrong("# HELP 1a text", "HELP without");
    for (const char* wrong : {"#", "# anything", "#TYPE a gauge", "# EOF now", "# eof"})
        check_wrong(wrong, "does not have", openmetrics);
    check(metrics("# UNIT a_seconds seconds\n# UNIT b \na_seconds 1\n"), "unknown a_seconds 1",
          openmetrics);
    check_wrong("# UNIT a_seconds bytes", "end with", openmetrics);
    check_wrong("# UNIT seconds seconds", "end with", openmetrics);
    check_wrong("# UNIT aseconds seconds", "end with", openmetrics);
    check_wrong("# UNIT 1 1", "without a metric's name", openmetrics);
}

BOOST_AUTO_TEST_CASE(openmetrics_ends_with_eof_and_nothing_behind_it) {
    check("# EOF\n", "", openmetrics);
    check("a 1\n# EOF", "unknown a 1", openmetrics);
    check("a 1\n# EOF\n\n", "unknown a 1", openmetrics);
    const page cut("a 1\nb 2\n", openmetrics);
    BOOST_TEST(cut.said() == "unknown a 1\nunknown b 2");
    BOOST_TEST(cut.errors == 1u);
    BOOST_TEST(cut.first.line == 2u);
    BOOST_TEST(page("", openmetrics).errors == 1u);
    BOOST_TEST(page("", openmetrics).first.line == 1u);
    const page longer("a 1\n# EOF\nb 2\n# EOF\n", openmetrics);
    BOOST_TEST(longer.said() == "unknown a 1");
    BOOST_TEST(longer.errors == 2u);
    BOOST_TEST(longer.first.line == 3u);
    check("", "");
}

BOOST_AUTO_TEST_CASE(every_wrong_line_is_counted_and_the_first_is_named) {
    const page read("# HELP\n\na 1\nb x\n<html>\nc 3");
    BOOST_TEST(read.said() == "unknown a 1\nunknown c 3");
    BOOST_TEST(read.errors == 3u);
    BOOST_TEST(read.first.line == 1u);
    BOOST_TEST(read.first.what == "HELP without a metric's name");
}

// Wherever a page is cut, the whole lines before the cut are what they were.
BOOST_AUTO_TEST_CASE(a_page_may_be_cut_anywhere) {
    const std::string whole = "# TYPE a counter\na_total{x=\"\\\"}\\n\"} 1e3 5 # {y=\"z\"} 1 2\n"
                              "# UNIT b_s s\nb_s NaN\n# EOF\n";
    const std::vector<std::size_t> complete{whole.find("\n# UNIT"), whole.find("\n# EOF")};
    for (std::size_t cut = 0; cut < whole.size(); ++cut) {
        const page read(whole.substr(0, cut), openmetrics);
        const auto least = static_cast<std::size_t>(
            std::ranges::count_if(complete, [&](std::size_t end) { return end <= cut; }));
        BOOST_TEST(read.samples.size() >= least, "cut at " << cut);
        BOOST_TEST(read.errors <= 2u, "cut at " << cut);
        if (least > 0)
            BOOST_TEST(read.said().starts_with("counter a_total{x=\"\\\"}\\n\"} 1000 5000"));
    }
}

BOOST_AUTO_TEST_CASE(many_labels_take_no_longer_than_they_must) {
    std::string line = "m{";
    for (int i = 0; i < 100'000; ++i)
        line += "l" + std::to_string(i) + "=\"\",";
    const page read(line + "} 1\n" + line + "l7=\"\"} 1\n");
    BOOST_REQUIRE(read.samples.size() == 1u);
    BOOST_TEST(read.samples[0].labels.size() == 100'000u);
    BOOST_TEST(read.first.line == 2u);
}

BOOST_AUTO_TEST_CASE(the_content_type_tells_the_format) {
    for (const char* is :
         {"application/openmetrics-text", "application/openmetrics-text; version=1.0.0",
          " Application/OpenMetrics-Text ;charset=utf-8"})
        BOOST_TEST((prometheus_format_from(is) == openmetrics), is);
    for (const char* is_not : {"", "text/plain; version=0.0.4", "application/openmetrics-text2",
                               "application/openmetrics", "text/html"})
        BOOST_TEST((prometheus_format_from(is_not) == text), is_not);
}

BOOST_AUTO_TEST_SUITE_END()
