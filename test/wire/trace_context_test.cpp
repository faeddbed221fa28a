// The rules are those of the W3C's Trace Context, sections 3.2 and 3.3, and of its own test suite.
#include "wire/trace_context.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

constexpr std::string_view trace = "4bf92f3577b34da6a3ce929d0e0e4736";
constexpr std::string_view span = "00f067aa0ba902b7";

std::string parent(std::string_view version = "00", std::string_view t = trace,
                   std::string_view s = span, std::string_view flags = "01",
                   std::string_view more = "") {
    std::string out(version);
    return out.append("-").append(t).append("-").append(s).append("-").append(flags).append(more);
}

bool valid(const std::string& value) { return parse_traceparent(value).has_value(); }

using fields_list = std::initializer_list<std::pair<std::string_view, std::string_view>>;

incoming_trace read(fields_list fields) {
    trace_fields taken;
    for (const auto& [name, value] : fields)
        taken.take(name, value);
    return read_trace(taken);
}

std::string state_of(fields_list fields) {
    const incoming_trace got = read(fields);
    BOOST_REQUIRE(got.context.has_value());
    return got.context->state;
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_context)

BOOST_AUTO_TEST_CASE(a_traceparent_is_read_and_written_alike) {
    const auto got = parse_traceparent(parent());
    BOOST_REQUIRE(got.has_value());
    BOOST_TEST(to_hex(got->trace) == trace);
    BOOST_TEST(to_hex(got->span) == span);
    BOOST_TEST(got->sampled());
    BOOST_TEST(to_traceparent(*got) == parent());
    BOOST_TEST(!parse_traceparent(parent("00", trace, span, "00"))->sampled());
    BOOST_TEST(!parse_traceparent(parent("00", trace, span, "02"))->sampled());
    // Flags that nobody has defined are not passed on.
    BOOST_TEST(to_traceparent(*parse_traceparent(parent("00", trace, span, "ff"))) ==
               parent("00", trace, span, "03"));
}

BOOST_AUTO_TEST_CASE(zeros_stand_for_nothing) {
    BOOST_TEST(!valid(parent("00", std::string(32, '0'))));
    BOOST_TEST(!valid(parent("00", trace, std::string(16, '0'))));
    BOOST_TEST(valid(parent("00", std::string(31, '0') + "1", std::string(15, '0') + "1", "00")));
}

BOOST_AUTO_TEST_CASE(versions) {
    BOOST_TEST(!valid(parent("ff")));
    BOOST_TEST(!valid(parent("00", trace, span, "01", "-what-comes")));
    BOOST_TEST(!valid(parent("00", trace, span, "01", "-")));
    for (const std::string_view later : {"01", "cc", "fe"}) {
        BOOST_TEST(valid(parent(later)));
        BOOST_TEST(valid(parent(later, trace, span, "01", "-what-comes")));
        BOOST_TEST(valid(parent(later, trace, span, "01", "-")));
        BOOST_TEST(!valid(parent(later, trace, span, "01", ".what-comes")));
        BOOST_TEST(!valid(parent(later, trace, span, "01", "0")));
    }
    // What goes out is the version that this is.
    BOOST_TEST(to_traceparent(*parse_traceparent(parent("cc", trace, span, "01", "-x"))) ==
               parent());
}

BOOST_AUTO_TEST_CASE(hex_is_lower_case) {
    BOOST_TEST(!valid(parent("0A")));
    BOOST_TEST(!valid(parent("00", "4BF92F3577B34DA6A3CE929D0E0E4736")));
    BOOST_TEST(!valid(parent("00", trace, "00F067AA0BA902B7")));
    BOOST_TEST(!valid(parent("00", trace, span, "0A")));
    BOOST_TEST(!valid(parent("00", trace, span, ".0")));
    BOOST_TEST(!valid(parent("0.")));
    BOOST_TEST(!valid(parent("00", "4bf92f3577b34da6a3ce929d0e0e473x")));
}

BOOST_AUTO_TEST_CASE(every_length_but_its_own_is_wrong) {
    const std::string whole = parent();
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST(!valid(whole.substr(0, size)));
    BOOST_TEST(!valid(whole + "0"));
    for (std::size_t at = 0; at < whole.size(); ++at) {
        std::string broken = whole;
        broken[at] = ' ';
        BOOST_TEST(!valid(broken));
    }
}

BOOST_AUTO_TEST_CASE(tracestate) {
    for (const std::string_view good :
         {"a=1", "rojo=00f067aa0ba902b7,congo=t61rcWkgMzE", "a=1,,b=2", " a=1 ,\tb=2", "a=1, ",
          "t-_*/9=x", "0tenant@system=1", "a= leading", "z=!\"#$%&'()*+-./:;<>?@[]^_`{|}~"})
        BOOST_TEST(is_tracestate(good), std::string(good));
    for (const std::string_view wrong :
         {"", ",", "a", "=1", "a=", "A=1", "0a=1", "a=1,a=2", "a=b=c", "a =1", "a@=1", "@b=1",
          "a@b@c=1", "a@0b=1", "a=1 2\x7f", "a=\xc3\xbc"})
        BOOST_TEST(!is_tracestate(wrong), std::string(wrong));
    const auto key = [](std::size_t size) { return std::string(size, 'k') + "=1"; };
    BOOST_TEST(is_tracestate(key(256)));
    BOOST_TEST(!is_tracestate(key(257)));
    BOOST_TEST(is_tracestate(std::string(241, 't') + "@" + std::string(14, 's') + "=1"));
    BOOST_TEST(!is_tracestate(std::string(242, 't') + "@s=1"));
    BOOST_TEST(!is_tracestate("t@" + std::string(15, 's') + "=1"));
    BOOST_TEST(is_tracestate("k=" + std::string(256, 'v')));
    BOOST_TEST(!is_tracestate("k=" + std::string(257, 'v')));
    std::string many = "k0=1";
    for (int i = 1; i < 32; ++i)
        many += ",k" + std::to_string(i) + "=1";
    BOOST_TEST(is_tracestate(many));
    BOOST_TEST(!is_tracestate(many + ",k32=1"));
}

BOOST_AUTO_TEST_CASE(the_fields_of_a_request) {
    const std::string good = parent();
    BOOST_TEST(!read({}).context.has_value());
    BOOST_TEST(!read({{"Accept", "x"}, {"traceparent", "rubbish"}}).context.has_value());
    BOOST_TEST(state_of({{"TraceParent", good}, {"TRACESTATE", "a=1"}}) == "a=1");
    BOOST_TEST(state_of({{"tracestate", "a=1"}, {"traceparent", good}, {"tracestate", "b=2"}}) ==
               "a=1,b=2");
    // A broken tracestate takes nothing but itself away, a traceparent that comes twice everything.
    BOOST_TEST(state_of({{"traceparent", good}, {"tracestate", "a=1"}, {"tracestate", "a=2"}}) ==
               "");
    BOOST_TEST(!read({{"traceparent", good}, {"traceparent", good}}).context.has_value());
    BOOST_TEST(!read({{"tracestate", "a=1"}}).context.has_value());
    BOOST_TEST(state_of({{"traceparent", good},
                         {"tracestate", "a=1"},
                         {"tracestate", "b=1"},
                         {"tracestate", "c=1"},
                         {"tracestate", "d=1"},
                         {"tracestate", "e=1"}}) == "");
    BOOST_TEST((read({{"traceparent", good}}).sampled == true));
    BOOST_TEST((read({{"traceparent", parent("00", trace, span, "00")}}).sampled == false));
}

BOOST_AUTO_TEST_CASE(b3_in_one_field) {
    const std::string ids = std::string(trace) + "-" + std::string(span);
    const auto context = [](const std::string& value) { return read({{"b3", value}}).context; };
    const auto sampled = [](const std::string& value) { return read({{"B3", value}}).sampled; };
    BOOST_REQUIRE(context(ids).has_value());
    BOOST_TEST(to_traceparent(*context(ids)) == parent("00", trace, span, "00"));
    BOOST_TEST(!sampled(ids).has_value()); // left to us
    BOOST_TEST(to_traceparent(*context(ids + "-1")) == parent());
    BOOST_TEST(to_traceparent(*context(ids + "-d-05e3ac9a4f6e3b90")) == parent());
    BOOST_TEST((sampled(ids + "-0") == false));
    BOOST_TEST((sampled(ids + "-d") == true));
    BOOST_TEST((sampled("0") == false));
    BOOST_TEST((sampled("1") == true));
    BOOST_TEST((sampled("d") == true));
    BOOST_TEST(!context("0").has_value());
    // Half a trace id is the lower half.
    BOOST_TEST(to_hex(context("a3ce929d0e0e4736-" + std::string(span))->trace) ==
               "0000000000000000a3ce929d0e0e4736");
    for (const std::string& wrong :
         {std::string("x"), std::string(trace), ids + "-2", ids + "-", ids + "-1-", ids + "-1-00",
          ids + "-1-05e3ac9a4f6e3b90-", std::string(32, '0') + "-" + std::string(span),
          std::string(trace) + "-" + std::string(16, '0'),
          "4BF92F3577B34DA6A3CE929D0E0E4736-" + std::string(span)})
        BOOST_TEST((!context(wrong).has_value() && !sampled(wrong).has_value()), wrong);
}

BOOST_AUTO_TEST_CASE(b3_in_many_fields) {
    const auto got = read({{"X-B3-TraceId", trace}, {"X-B3-SpanId", span}, {"X-B3-Sampled", "1"}});
    BOOST_REQUIRE(got.context.has_value());
    BOOST_TEST(to_traceparent(*got.context) == parent());
    const auto debug = read({{"x-b3-traceid", trace}, {"x-b3-spanid", span}, {"x-b3-flags", "1"}});
    BOOST_TEST((debug.sampled == true));
    BOOST_TEST((read({{"X-B3-Sampled", "0"}}).sampled == false));
    BOOST_TEST(!read({{"X-B3-TraceId", trace}, {"X-B3-Sampled", "1"}}).context.has_value());
    BOOST_TEST(!read({{"X-B3-TraceId", trace}, {"X-B3-SpanId", "0"}}).context.has_value());
    BOOST_TEST(!read({{"X-B3-TraceId", trace}, {"X-B3-SpanId", span}}).sampled.has_value());
}

BOOST_AUTO_TEST_CASE(the_w3c_goes_before_b3) {
    const std::string other = std::string(32, '1') + "-" + std::string(16, '2') + "-0";
    BOOST_TEST(to_traceparent(*read({{"b3", other}, {"traceparent", parent()}}).context) ==
               parent());
    BOOST_TEST(to_hex(read({{"b3", other}, {"traceparent", "rubbish"}}).context->trace) ==
               std::string(32, '1'));
}

BOOST_AUTO_TEST_SUITE_END()
