#include "sinks/post_trace.hpp"

#include "sinks/post_head.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

std::shared_ptr<const trace_context> context(char digit, bool sampled, std::string state = "") {
    trace_context out = *parse_traceparent("00-" + std::string(32, digit) + "-" +
                                           std::string(16, digit) + (sampled ? "-01" : "-00"));
    out.state = std::move(state);
    return std::make_shared<const trace_context>(std::move(out));
}

weir::post_request request_of(std::initializer_list<std::shared_ptr<const trace_context>> traces) {
    weir::post_request out(post_format::ndjson, 100, 1000);
    for (const auto& each : traces) {
        batch_origin origin(0);
        origin.trace = each;
        batch_builder builder(std::move(origin));
        builder.append("{}");
        batch_rest rest(builder.finish());
        out.add(rest);
    }
    out.finish(false);
    return out;
}

std::string sent(const weir::post_trace& of) { return of.sent() ? to_traceparent(*of.sent()) : ""; }

} // namespace

BOOST_AUTO_TEST_SUITE(post_trace)

BOOST_AUTO_TEST_CASE(a_context_is_passed_on_as_it_came_where_nothing_is_traced_here) {
    BOOST_TEST(sent({request_of({nullptr}), false}) == "");
    const auto request = request_of({nullptr, context('1', false), context('2', true)});
    BOOST_TEST(sent({request, false}) == to_traceparent(*context('2', true)));
    BOOST_TEST(sent({request_of({context('1', false), context('3', false)}), false}) ==
               to_traceparent(*context('1', false)));
}

BOOST_AUTO_TEST_CASE(the_first_batch_that_is_sampled_sends_under_a_span_of_its_own) {
    const auto request = request_of({context('1', false), context('2', true), context('3', true)});
    const weir::post_trace trace(request, true);
    BOOST_REQUIRE(trace.sent());
    BOOST_TEST(to_hex(trace.sent()->trace) == std::string(32, '2'));
    BOOST_TEST(to_hex(trace.sent()->span) != std::string(16, '2'));
    BOOST_TEST(trace.sent()->sampled());
    BOOST_TEST(!trace.is_sender(request.parts()[0]));
    BOOST_TEST(trace.is_sender(request.parts()[1]));
    BOOST_TEST(!trace.is_sender(request.parts()[2]));
    // What is not sampled is none of ours.
    BOOST_TEST(sent({request_of({context('1', false)}), true}) ==
               to_traceparent(*context('1', false)));
}

BOOST_AUTO_TEST_CASE(the_head_has_both_fields_unless_the_user_set_one) {
    const auto request = request_of({context('1', true, "a=1")});
    const weir::post_trace trace(request, false);
    const auto head = [&](const std::string& text) {
        const auto options = parse_options<post_options>("http://127.0.0.1:1/in" + text);
        return weir::post_head(options).of(request, trace.sent());
    };
    BOOST_TEST(head("").find("traceparent: 00-1111") != std::string::npos);
    BOOST_TEST(head("").find("\r\ntracestate: a=1\r\n") != std::string::npos);
    BOOST_TEST(head(",header=traceparent: mine").find("00-1111") == std::string::npos);
    BOOST_TEST(head("").ends_with("\r\n\r\n"));
}

BOOST_AUTO_TEST_SUITE_END()
