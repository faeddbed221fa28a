#include "sinks/http_post.hpp"

#include "test/listeners/span_list.hpp"
#include "test/sinks/post_server.hpp"
#include "test/sinks/scratch.hpp"
#include "test/sinks/sink_rig.hpp"

#include <set>
#include <sstream>

using namespace weir;
using request = post_server::request;

namespace {

using rig = sink_rig<post_sink, post_options>;

post_server::reply ok(const request&, std::size_t) { return post_server::answer(204); }

post_options options(const std::string& text) { return parse_options<post_options>(text); }

std::vector<std::string> numbers(std::size_t from, std::size_t count) {
    std::vector<std::string> out;
    for (std::size_t i = from; i < from + count; ++i)
        out.push_back(std::to_string(i));
    return out;
}

std::string lines(std::size_t count) {
    std::string out;
    for (const std::string& each : numbers(0, count))
        out += each + "\n";
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_post)

BOOST_AUTO_TEST_CASE(everything_arrives_once_in_order_over_one_connection) {
    post_server server(ok);
    rig sink(options(server.url("/in?key=1") + ",batch-count=70,header=X-Test: yes"));
    for (std::size_t i = 0; i < 5000; i += 10)
        sink.publish(numbers(i, 10));
    sink.drain();
    BOOST_TEST((server.bodies() == lines(5000)));
    BOOST_TEST(server.connections() == 1u);
    BOOST_TEST(sink.delivered() == 5000u);
    BOOST_TEST(server.requests().size() >= 5000u / 70);
    for (const request& each : server.requests()) {
        BOOST_TEST(std::ranges::count(each.body(), '\n') <= 70);
        BOOST_TEST(each.target() == "/in?key=1");
        BOOST_TEST(each[boost::beast::http::field::content_type] == "application/x-ndjson");
        BOOST_TEST(each["X-Test"] == "yes");
    }
    BOOST_TEST(sink.target() == server.url("/in"));
}

BOOST_AUTO_TEST_CASE(a_lone_message_goes_when_it_has_lingered) {
    post_server server(ok);
    rig sink(options(server.url() + ",linger=5ms"));
    sink.publish({"lone"});
    BOOST_TEST(eventually([&] { return sink.delivered() == 1; }));
    sink.drain();
    BOOST_TEST(server.bodies() == "lone\n");
}

BOOST_AUTO_TEST_CASE(arrays_and_single_messages_have_their_types) {
    using boost::beast::http::field;
    post_server server(ok);
    {
        rig sink(options(server.url() + ",format=array"));
        sink.publish({R"({"a":1})", "text"});
        sink.drain();
    }
    {
        rig sink(options(server.url() + ",format=single"));
        sink.publish({R"({"a":1})", "text"});
        sink.drain();
    }
    const std::vector<request> got = server.requests();
    BOOST_REQUIRE(got.size() == 3u);
    BOOST_TEST(got[0].body() == R"([{"a":1},"text"])");
    BOOST_TEST(got[0][field::content_type] == "application/json");
    BOOST_TEST(got[1].body() == R"({"a":1})");
    BOOST_TEST(got[1][field::content_type] == "application/json");
    BOOST_TEST(got[2].body() == "text");
    BOOST_TEST(got[2][field::content_type] == "text/plain; charset=utf-8");
}

BOOST_AUTO_TEST_CASE(bodies_are_zipped) {
    post_server server(ok);
    rig sink(options(server.url() + ",gzip"));
    sink.publish(numbers(0, 1000));
    sink.drain();
    std::string all;
    for (const request& each : server.requests()) {
        BOOST_TEST(each[boost::beast::http::field::content_encoding] == "gzip");
        all += gunzip(each.body());
    }
    BOOST_TEST(all == lines(1000));
}

BOOST_AUTO_TEST_CASE(faults_are_tried_again_until_it_is_delivered) {
    post_server server([](const request&, std::size_t n) {
        switch (n) {
        case 0:
            return post_server::answer(500);
        case 1:
            return post_server::answer(429, "Retry-After: 0\r\n");
        case 2:
            return post_server::answer(503, "Retry-After: Fri, 20 Nov 2020 18:00:30 GMT\r\n");
        case 3:
            return post_server::answer(408, "Connection: close\r\n");
        case 4:
            return post_server::cut("HTTP/1.1 20");
        case 5:
            return post_server::cut("no HTTP at all\r\n\r\n");
        default:
            return post_server::answer(200, "", "thanks");
        }
    });
    rig sink(options(server.url()));
    sink.publish({"a", "b"});
    sink.drain();
    BOOST_TEST(server.requests().size() == 7u);
    for (const request& each : server.requests())
        BOOST_TEST(each.body() == "a\nb\n");
    BOOST_TEST(sink.delivered() == 2u);
}

BOOST_AUTO_TEST_CASE(a_refusal_is_final_and_goes_to_the_dead_letters) {
    const scratch folder;
    post_server server([](const request&, std::size_t n) {
        if (n == 0)
            return post_server::answer(400, "", "what is this?");
        return n == 1 ? post_server::answer(302, "Location: /elsewhere\r\n")
                      : post_server::answer(200);
    });
    rig sink(options(server.url() + ",batch-count=2,dead-letter=" + folder / "dead"));
    sink.publish({"a", "b\nc", "d", "e", "f"});
    sink.drain();
    BOOST_TEST(server.requests().size() == 3u);
    BOOST_TEST(sink.lost(loss::rejected) == 4u);
    BOOST_TEST(sink.delivered() == 1u);
    BOOST_TEST(slurp(folder / "dead") == "a\n{\"weir\":\"escaped\",\"data\":\"b\\nc\"}\nd\ne\n");
    BOOST_TEST(server.connections() == 1u);
}

BOOST_AUTO_TEST_CASE(dead_letters_that_were_moved_away_are_begun_anew) {
    const scratch folder;
    post_server server([](const request&, std::size_t) { return post_server::answer(400); });
    rig sink(options(server.url() + ",linger=0,dead-letter=" + folder / "dead"));
    sink.publish({"a"});
    BOOST_TEST(eventually([&] { return sink.lost(loss::rejected) == 1; }));
    std::filesystem::rename(folder / "dead", folder / "dead.1");
    sink.publish({"b"});
    sink.drain();
    BOOST_TEST(slurp(folder / "dead.1") == "a\n");
    BOOST_TEST(slurp(folder / "dead") == "b\n");
}

BOOST_AUTO_TEST_CASE(a_target_that_is_down_is_given_up_after_retry_for) {
    const scratch folder;
    // Nobody listens on port 1.
    rig sink(options("http://127.0.0.1:1/,retry-for=150ms,dead-letter=" + folder / "dead"));
    sink.publish(numbers(0, 3));
    BOOST_TEST(eventually([&] { return sink.lost(loss::gave_up) == 3; }));
    sink.drain();
    BOOST_TEST(slurp(folder / "dead") == lines(3));
}

BOOST_AUTO_TEST_CASE(while_the_target_is_down_the_queue_absorbs) {
    queue_options small;
    small.slots = 16;
    rig sink(options("http://127.0.0.1:1/,connections=3,batch-count=10,linger=0"), small);
    for (std::size_t i = 0; i < 10'000; i += 10)
        sink.publish(numbers(i, 10));
    BOOST_TEST(eventually([&] { return sink.reader().taken() == 30; }));
    sink.publish(numbers(0, 10));
    BOOST_TEST(sink.reader().published() == 30 + sink.reader().missed() + sink.pending());
    BOOST_TEST(sink.reader().missed() > 9000u);
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) == 30u);
    BOOST_TEST(sink.delivered() == 0u);
}

BOOST_AUTO_TEST_CASE(a_server_that_does_not_answer_times_out) {
    post_server server([](const request&, std::size_t n) {
        return n == 0 ? post_server::hang() : post_server::answer(200);
    });
    rig sink(options(server.url() + ",timeout=50ms"));
    sink.publish({"a"});
    BOOST_TEST(eventually([&] { return sink.delivered() == 1; }));
    sink.drain();
    BOOST_TEST(server.requests().size() >= 2u);
}

BOOST_AUTO_TEST_CASE(a_kept_connection_that_was_closed_is_opened_again_at_once) {
    post_server server([](const request&, std::size_t) {
        post_server::reply last = post_server::answer(200);
        last.close = true; // without having said so
        return last;
    });
    rig sink(options(server.url() + ",linger=0,retry-for=0"));
    for (std::size_t i = 0; i < 20; ++i) {
        sink.publish(numbers(i, 1));
        BOOST_TEST(eventually([&] { return sink.delivered() == i + 1; }));
    }
    sink.drain();
    BOOST_TEST(server.bodies() == lines(20));
    BOOST_TEST(server.connections() == 20u);
}

BOOST_AUTO_TEST_CASE(what_comes_before_the_answer_is_not_the_answer) {
    post_server server([](const request&, std::size_t) {
        post_server::reply both = post_server::answer(200);
        both.bytes =
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + both.bytes;
        return both;
    });
    rig sink(options(server.url() + ",batch-count=1"));
    sink.publish(numbers(0, 3));
    sink.drain();
    BOOST_TEST(sink.delivered() == 3u);
    BOOST_TEST(server.connections() == 1u);
    BOOST_TEST(server.bodies() == lines(3));
}

BOOST_AUTO_TEST_CASE(an_answer_without_an_end_in_sight_counts_by_its_head) {
    post_server server([](const request&, std::size_t) {
        return post_server::cut("HTTP/1.1 200 X\r\nContent-Length: 1000\r\n\r\nhalf");
    });
    rig sink(options(server.url()));
    sink.publish({"a"});
    sink.drain();
    BOOST_TEST(server.requests().size() == 1u);
    BOOST_TEST(sink.delivered() == 1u);
}

BOOST_AUTO_TEST_CASE(several_connections_are_under_way_at_once) {
    post_server server([](const request&, std::size_t n) {
        return n < 3 ? post_server::hang() : post_server::answer(200);
    });
    rig sink(options(server.url() + ",connections=4,batch-count=1,linger=0,timeout=5s"));
    sink.publish(numbers(0, 50));
    // Three hang, and the fourth goes on with the rest.
    BOOST_TEST(eventually([&] { return sink.delivered() == 47; }));
    BOOST_TEST(server.connections() == 4u);
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) == 3u);
}

BOOST_AUTO_TEST_CASE(stopped_at_once_it_counts_what_it_holds) {
    post_server server([](const request&, std::size_t) { return post_server::hang(); });
    rig sink(options(server.url() + ",batch-count=2,connections=2"));
    sink.publish(numbers(0, 7)); // two requests of two, and a rest of three
    BOOST_TEST(eventually([&] { return server.requests().size() == 2; }));
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) == 7u);
}

BOOST_AUTO_TEST_CASE(stopped_at_once_it_sets_aside_what_it_holds_and_what_is_left) {
    const scratch folder;
    post_server server([](const request&, std::size_t) { return post_server::hang(); });
    rig sink(options(server.url() +
                     ",format=single,connections=2,linger=0,dead-letter=" + folder / "dead"));
    sink.publish(numbers(0, 3));
    BOOST_TEST(eventually([&] { return server.requests().size() == 2; }));
    for (std::size_t i = 3; i < 1000; i += 3)
        sink.publish(numbers(i, 3));
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) == 1002u);
    BOOST_TEST(sink.pending() == 0u);
    std::istringstream dead(slurp(folder / "dead"));
    std::set<std::string> found;
    for (std::string line; std::getline(dead, line);)
        BOOST_TEST(found.insert(line).second);
    BOOST_TEST(found.size() == 1002u);
}

BOOST_AUTO_TEST_CASE(a_name_that_does_not_exist_is_a_fault_like_any_other) {
    rig sink(options("http://weir.invalid/,retry-for=0,timeout=2s"));
    sink.publish({"a"});
    sink.drain();
    BOOST_TEST(sink.lost(loss::gave_up) == 1u);
}

BOOST_AUTO_TEST_CASE(a_trace_goes_on_to_the_server_and_its_spans_are_recorded) {
    span_list spans;
    post_server server([](const request&, std::size_t n) {
        return n == 0 ? post_server::answer(503) : post_server::answer(204);
    });
    const std::string parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    batch_origin origin(1);
    trace_context context = *parse_traceparent(parent);
    context.state = "a=1";
    origin.trace = std::make_shared<const trace_context>(context);
    sink_rig<post_sink, post_options> sink(options(server.url()), {}, {}, &spans);
    sink.publish({"one", "two"}, origin);
    sink.drain();
    BOOST_TEST(sink.books().retries.value() == 1u);
    const auto all = spans.all();
    BOOST_REQUIRE(all.size() == 2u);
    BOOST_TEST((all[0].kind == span_kind::queue));
    BOOST_TEST((all[1].kind == span_kind::delivery));
    for (const trace_span& each : all) {
        BOOST_TEST((each.trace == context.trace));
        BOOST_TEST((each.parent == context.span));
        BOOST_TEST(each.messages == 2u);
        BOOST_TEST((each.begin <= each.end));
    }
    context.span = all[1].id;
    for (const request& each : server.requests()) { // both tries
        BOOST_TEST(each["traceparent"] == to_traceparent(context));
        BOOST_TEST(each["tracestate"] == "a=1");
    }
}

BOOST_AUTO_TEST_CASE(what_is_lost_is_a_failed_span_and_no_delivery) {
    span_list spans;
    post_server server([](const request&, std::size_t) { return post_server::answer(400); });
    batch_origin origin(1);
    origin.trace = std::make_shared<const trace_context>(
        *parse_traceparent("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"));
    sink_rig<post_sink, post_options> sink(options(server.url()), {}, {}, &spans);
    sink.publish({"one"}, origin);
    sink.drain();
    BOOST_TEST(sink.lost(loss::rejected) == 1u);
    BOOST_TEST(spans.all().at(1).failed);
    BOOST_TEST(sink.books().delivery_times.sum() == 0u);
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused) {
    for (const char* text : {"http://h,connections=0", "http://h,batch-count=0",
                             "http://h,timeout=0", "http://h,retry-for=9999d", "http://h,insecure",
                             "http://h,ca-file=x", "https://h,ca-file=x,insecure"})
        BOOST_CHECK_THROW(rig(options(text)), usage_error);
    BOOST_CHECK_THROW(rig(options("http://h,dead-letter=/no/such/folder/f")), startup_error);
}

BOOST_AUTO_TEST_SUITE_END()
