#include "gateway/tracer.hpp"

#include "test/sinks/post_server.hpp"
#include "test/sinks/sink_rig.hpp"

#include <boost/json.hpp>

using namespace weir;

namespace {

struct rig {
    explicit rig(const std::string& to, duration retry_for = std::chrono::seconds(30)) {
        trace_options options;
        from_text(to, options);
        books.collector = options.to.url.shown();
        exporter = std::make_unique<weir::trace_exporter>(options, books, retry_for);
        listener.listener = "http";
    }
    void record(int count) {
        for (int i = 0; i < count; ++i) {
            trace_span span;
            span.trace = new_trace_id();
            span.id = new_span_id();
            span.listener = &listener;
            exporter->record(span);
        }
    }
    void stop(std::chrono::seconds patience = std::chrono::seconds(30)) {
        exporter->finish();
        exporter->ended_by(std::chrono::steady_clock::now() + patience);
        exporter->stop_now();
    }
    std::uint64_t sent() const { return books.sent_spans.value(); }
    std::uint64_t dropped() const { return books.dropped_spans.value(); }

    listener_books listener;
    trace_books books;
    std::unique_ptr<weir::trace_exporter> exporter;
};

std::size_t spans_in(const post_server& server) {
    std::size_t count = 0;
    for (const post_server::request& each : server.requests())
        count += boost::json::parse(each.body()).as_array().size();
    return count;
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_exporter)

BOOST_AUTO_TEST_CASE(spans_arrive_once_in_requests_of_512_at_most) {
    post_server server([](const auto&, std::size_t) { return post_server::answer(202); });
    rig traced("zipkin:" + server.url(""));
    traced.exporter->start();
    traced.record(1200);
    BOOST_TEST(eventually([&] { return traced.sent() == 1200; }));
    traced.record(3);
    traced.stop(); // which sends what is left
    BOOST_TEST(traced.sent() == 1203u);
    BOOST_TEST(traced.dropped() == 0u);
    BOOST_TEST(spans_in(server) == 1203u);
    for (const post_server::request& each : server.requests()) {
        BOOST_TEST(boost::json::parse(each.body()).as_array().size() <= 512u);
        BOOST_TEST(each.target() == "/api/v2/spans");
        BOOST_TEST(each["Content-Type"] == "application/json");
    }
}

BOOST_AUTO_TEST_CASE(what_the_collector_does_not_take_is_dropped_and_counted) {
    post_server server([](const auto&, std::size_t) { return post_server::answer(503); });
    rig traced("otlp:" + server.url(""));
    traced.exporter->start();
    traced.record(10);
    traced.stop();
    BOOST_TEST(traced.sent() == 0u);
    BOOST_TEST(traced.dropped() == 10u);
    BOOST_TEST(server.requests().at(0).target() == "/v1/traces");
}

BOOST_AUTO_TEST_CASE(a_collector_that_is_busy_is_asked_again) {
    for (const int busy : {429, 502, 503, 504}) {
        post_server server([busy](const auto&, std::size_t before) {
            return before == 0 ? post_server::answer(busy, "Retry-After: 0\r\n")
                               : post_server::answer(200, "", "{}");
        });
        rig traced("otlp:" + server.url(""));
        traced.exporter->start();
        traced.record(10);
        BOOST_TEST(eventually([&] { return traced.sent() == 10; }));
        BOOST_TEST(server.requests().size() == 2u);
        BOOST_TEST(server.requests().at(0).body() == server.requests().at(1).body());
        traced.stop();
        BOOST_TEST(traced.dropped() == 0u);
    }
}

BOOST_AUTO_TEST_CASE(a_collector_that_refuses_is_not_asked_again) {
    post_server server([](const auto&, std::size_t before) {
        return before == 0 ? post_server::answer(500) : post_server::answer(200, "", "{}");
    });
    rig traced("otlp:" + server.url(""));
    traced.exporter->start();
    traced.record(10);
    BOOST_TEST(eventually([&] { return traced.dropped() == 10; }));
    traced.record(1);
    traced.stop();
    BOOST_TEST(traced.sent() == 1u);
    BOOST_TEST(server.requests().size() == 2u);
}

BOOST_AUTO_TEST_CASE(
    a_collector_that_stays_busy_is_given_up_and_one_that_asks_for_too_long_at_once) {
    for (const std::string after : {"", "Retry-After: 3600\r\n"}) {
        post_server server(
            [after](const auto&, std::size_t) { return post_server::answer(503, after); });
        rig traced("otlp:" + server.url(""), duration(200));
        traced.exporter->start();
        traced.record(10);
        BOOST_TEST(eventually([&] { return traced.dropped() == 10; }));
        BOOST_TEST((server.requests().size() == 1) == !after.empty());
        traced.stop();
    }
}

BOOST_AUTO_TEST_CASE(who_waits_for_a_busy_collector_asks_once_more_at_the_end) {
    post_server server([](const auto&, std::size_t before) {
        return before == 0 ? post_server::answer(503, "Retry-After: 20\r\n")
                           : post_server::answer(200, "", "{}");
    });
    rig traced("otlp:" + server.url(""));
    traced.exporter->start();
    traced.record(10);
    BOOST_TEST(eventually([&] { return server.requests().size() == 1; }));
    traced.stop();
    BOOST_TEST(traced.sent() == 10u);
    BOOST_TEST(traced.dropped() == 0u);
}

BOOST_AUTO_TEST_CASE(recording_never_waits_for_a_collector_that_hangs) {
    post_server server([](const auto&, std::size_t) { return post_server::hang(); });
    rig traced("zipkin:" + server.url(""));
    traced.exporter->start();
    traced.record(20'000); // more than are kept
    BOOST_TEST(traced.dropped() > 0u);
    BOOST_TEST(eventually([&] { return server.requests().size() == 1; }));
    traced.stop(std::chrono::seconds(0));
    BOOST_TEST(traced.sent() == 0u);
    BOOST_TEST(traced.dropped() == 20'000u); // nor at the end
}

BOOST_AUTO_TEST_CASE(what_an_answer_by_otlp_rejects_was_not_sent) {
    post_server server([](const auto&, std::size_t before) {
        return post_server::answer(
            200, "", before == 0 ? R"({"partialSuccess":{"rejectedSpans":"4"}})" : "{}");
    });
    rig traced("otlp:" + server.url(""));
    traced.exporter->start();
    traced.record(10);
    BOOST_TEST(eventually([&] { return traced.sent() == 6; }));
    BOOST_TEST(traced.dropped() == 4u);
    traced.record(10);
    traced.stop();
    BOOST_TEST(traced.sent() == 16u);
    BOOST_TEST(traced.dropped() == 4u);
}

BOOST_AUTO_TEST_CASE(who_is_in_a_hurry_waits_for_no_collector) {
    post_server hangs([](const auto&, std::size_t) { return post_server::hang(); });
    post_server takes([](const auto&, std::size_t) { return post_server::answer(202); });
    std::vector<trace_options> wanted(2);
    from_text("zipkin:" + hangs.url(""), wanted[0]);
    from_text("zipkin:" + takes.url(""), wanted[1]);
    std::deque<trace_books> books;
    weir::tracer both(wanted, books);
    both.start();
    listener_books listener;
    listener.listener = "http";
    trace_span span;
    span.listener = &listener;
    both.record(span);
    BOOST_TEST(eventually([&] { return hangs.requests().size() == 1; }));
    BOOST_TEST(eventually([&] { return books[1].sent_spans.value() == 1; }));
    both.record(span);
    int looks = 0;
    both.stop(std::chrono::steady_clock::now() + std::chrono::hours(1),
              [&looks] { return ++looks > 2; });
    BOOST_TEST(books[0].dropped_spans.value() == 2u);
    BOOST_TEST(books[1].sent_spans.value() + books[1].dropped_spans.value() == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
