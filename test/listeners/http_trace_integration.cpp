#include "test/listeners/http_fixture.hpp"
#include "test/listeners/span_list.hpp"

using namespace weir;
using namespace weir::test;

namespace {

const std::string ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

// The context that the one batch there carries, as a traceparent.
std::string carried(http_fixture& of) {
    const batch_ptr next = of.reader->try_take();
    BOOST_REQUIRE(next);
    return next->trace() ? to_traceparent(*next->trace()) : "none";
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_trace)

BOOST_AUTO_TEST_CASE(a_context_goes_with_the_batch_as_it_came) {
    http_fixture with;
    const std::string field = "traceparent: 00-" + ids + "-01\r\n";
    BOOST_TEST(with.ask(post("x", "/", field)).status == 204u);
    BOOST_TEST(carried(with) == "00-" + ids + "-01");
    BOOST_TEST(with.ask(post("x", "/", "b3: " + ids + "-0\r\n")).status == 204u);
    BOOST_TEST(carried(with) == "00-" + ids + "-00");
    // What is wrong, or not there, is no reason to refuse an event.
    for (const std::string wrong : {"traceparent: rubbish\r\n", "traceparent: \r\n", ""}) {
        BOOST_TEST(with.ask(post("x", "/", wrong)).status == 204u);
        BOOST_TEST(carried(with) == "none");
    }
    BOOST_TEST(with.ask(post("x", "/", field + field)).status == 204u);
    BOOST_TEST(carried(with) == "none");
}

BOOST_AUTO_TEST_CASE(requests_on_one_connection_do_not_share_a_context) {
    http_fixture with;
    http_client client = with.client();
    client.send(post("a", "/", "traceparent: 00-" + ids + "-01\r\n") + post("b"));
    BOOST_TEST(client.receive_answer().status == 204u);
    BOOST_TEST(client.receive_answer().status == 204u);
    BOOST_TEST(carried(with) == "00-" + ids + "-01");
    BOOST_TEST(carried(with) == "none");
}

BOOST_AUTO_TEST_CASE(the_span_of_a_request_ends_with_its_answer) {
    span_list spans(true);
    {
        http_fixture with("", {}, http_fixture::kind::http, &spans);
        const std::string lines = "Content-Type: application/x-ndjson\r\n";
        BOOST_TEST(with.ask(post("a\nb\n", "/", lines)).status == 204u);
        BOOST_TEST(with.ask(post("{", "/?split=array")).status == 400u);
        BOOST_TEST(with.ask(get("/hello")).status == 200u);
        const std::string sampled = carried(with);
        BOOST_REQUIRE(spans.all().size() == 2u);
        BOOST_TEST(sampled.substr(3, 32) == to_hex(spans.all()[0].trace));
        BOOST_TEST(spans.all()[0].listener->listener == "http");
    }
    const auto all = spans.all();
    BOOST_TEST(all[0].messages == 2u);
    BOOST_TEST(!all[0].failed);
    BOOST_TEST((all[0].begin <= all[0].end));
    BOOST_TEST(all[1].failed);
}

BOOST_AUTO_TEST_SUITE_END()
