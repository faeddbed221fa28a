#include "sinks/redis.hpp"

#include "test/listeners/span_list.hpp"
#include "test/sinks/certificate.hpp"
#include "test/sinks/redis_server.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <cstdlib>

using namespace weir;
using namespace std::chrono_literals;

namespace {

using rig = sink_rig<redis_sink, redis_options>;

redis_options options(const std::string& text) { return parse_options<redis_options>(text); }

std::string event(std::string_view account, std::string_view type = "pageview",
                  std::string_view further = "") {
    return R"({"type":")" + std::string(type) +
           R"(","time":"2013-02-01T09:05:07Z","data":{"account":")" + std::string(account) + "\"" +
           std::string(further) + "}}";
}

batch_origin traced(std::uint8_t id) {
    trace_context context;
    context.trace[0] = id;
    context.flags = 1;
    batch_origin out(1);
    out.trace = std::make_shared<const trace_context>(context);
    return out;
}

// Of the delivery spans: whose they are, how many messages, whether they failed.
struct delivery {
    unsigned id;
    std::uint64_t messages;
    bool failed;
    bool operator==(const delivery&) const = default;
};
std::vector<delivery> deliveries(const span_list& spans) {
    std::vector<delivery> out;
    for (const trace_span& each : spans.all())
        if (each.kind == span_kind::delivery)
            out.push_back({each.trace[0], each.messages, each.failed});
    return out;
}

std::uint64_t slower_than(const rig& sink, std::uint64_t microseconds) {
    std::uint64_t sum = 0;
    for (std::size_t i = 1; i < delivery_bounds.size() + 1; ++i)
        if (delivery_bounds[i - 1] >= microseconds)
            sum += sink.books().delivery_times.count_in(i);
    return sum;
}

std::uint16_t free_port() {
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor any(context, {boost::asio::ip::address_v4::loopback(), 0});
    return any.local_endpoint().port();
}

} // namespace

BOOST_AUTO_TEST_SUITE(redis)

BOOST_AUTO_TEST_CASE(every_event_counts_once_in_each_of_its_hashes) {
    redis_server server;
    rig sink(options(server.url()));
    for (int i = 0; i < 100; ++i)
        sink.publish({event("acme"), event("other"), event("acme", "order", R"(,"status":"paid")"),
                      event("acme", "pageview", R"(,"unq":"1")"), "no JSON"});
    sink.drain();
    BOOST_TEST(sink.delivered() == 500u);
    BOOST_TEST(sink.target() == "redis+unix://" + server.path());
    BOOST_TEST(server.get("track:acme:pageview:2013", "2") == "200");
    BOOST_TEST(server.get("track:acme:pageview:2013:2", "1") == "200");
    BOOST_TEST(server.get("track:acme:pageview:2013:2:1", "9") == "200");
    BOOST_TEST(server.get("track:acme:unique:2013:2:1", "9") == "100");
    BOOST_TEST(server.get("track:all:pageview:2013", "2") == "300");
    BOOST_TEST(server.get("funnels:acme:order:2013:2", "paid") == "100");
    BOOST_TEST(server.get("funnels:all:order:2013", "paid") == "100");
    BOOST_TEST(server.ask({"KEYS", "weir:*"}).items.empty()); // the marker is taken away
    BOOST_TEST(server.ask({"DBSIZE"}).number == 3 * 3 + 2 * 3 + 3 * 2 + 2 * 2);
}

BOOST_AUTO_TEST_CASE(an_event_without_a_time_is_counted_when_it_came) {
    redis_server server;
    rig sink(options(server.url()));
    const auto before = std::chrono::year_month_day(
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
    sink.publish({R"({"type":"pageview","data":{"account":"acme"}})"});
    sink.drain();
    const std::string year = std::to_string(static_cast<int>(before.year()));
    BOOST_TEST(!server.ask({"HGETALL", "track:acme:pageview:" + year}).items.empty());
    BOOST_TEST(sink.delivered() == 1u);
}

BOOST_AUTO_TEST_CASE(other_names_and_an_end) {
    redis_server server;
    rig sink(options(server.url() + ",prefix=,key-separator=/,padded,expire=1h"));
    sink.publish({event("acme")});
    sink.drain();
    BOOST_TEST(server.get("acme/pageview/2013/02", "01") == "1");
    BOOST_TEST(server.get("acme/pageview/2013/02/01", "09") == "1");
    const auto lives = server.ask({"TTL", "acme/pageview/2013/02/01"}).number;
    BOOST_TEST(lives > 0);
    BOOST_TEST(lives <= 3600);
}

BOOST_AUTO_TEST_CASE(only_the_named_topics_count) {
    redis_server server;
    rig sink(options(server.url() + ",topics=page*,topics=!pageleave"));
    sink.publish(
        {event("acme"), event("acme", "order", R"(,"unq":"1")"), event("acme", "pageleave")});
    sink.drain();
    BOOST_TEST(server.get("track:acme:pageview:2013", "2") == "1");
    BOOST_TEST(server.ask({"DBSIZE"}).number == 2 * 3);
    BOOST_TEST(sink.delivered() == 3u);
}

BOOST_AUTO_TEST_CASE(while_redis_is_away_the_sums_wait) {
    redis_server server;
    server.stop();
    rig sink(options(server.url() + ",max-keys=2"));
    for (int i = 0; i < 50; ++i)
        sink.publish({event("a"), event("b"), event("c")});
    BOOST_TEST(eventually([&] { return sink.lost(loss::gave_up) == 50; }));
    BOOST_TEST(sink.delivered() == 0u);
    server.start();
    BOOST_TEST(eventually([&] { return sink.delivered() == 100; }));
    sink.publish({event("c")});
    sink.drain();
    BOOST_TEST(server.get("track:a:pageview:2013", "2") == "50");
    BOOST_TEST(server.get("track:c:pageview:2013", "2") == "1");
    BOOST_TEST(server.get("track:all:pageview:2013", "2") == "101");
}

BOOST_AUTO_TEST_CASE(every_event_is_timed_from_its_receipt_to_the_answer) {
    redis_server server;
    server.stop();
    rig sink(options(server.url()));
    sink.publish({event("a"), "counts nowhere"});
    BOOST_TEST(eventually([&] { return sink.delivered() == 1; })); // at once
    sink.publish({event("a"), event("b")});
    const auto begun = std::chrono::steady_clock::now();
    BOOST_TEST(
        eventually([&] { return std::chrono::steady_clock::now() > begun + 30ms; })); // of age
    BOOST_TEST(eventually([&] { return sink.books().retries.value() > 0; }));
    server.start();
    sink.drain(); // which looks whether all is timed
    BOOST_TEST(sink.delivered() == 4u);
    BOOST_TEST(slower_than(sink, 25'000) >= 3u);
    std::uint64_t times = 0;
    for (std::size_t i = 0; i < batch_bounds.size() + 1; ++i)
        times += sink.books().deliveries.count_in(i);
    BOOST_TEST(times >= 2u);
}

BOOST_AUTO_TEST_CASE(a_traced_batch_is_delivered_when_the_last_of_its_events_is) {
    redis_server server;
    server.stop();
    span_list spans;
    rig sink(options(server.url() + ",max-keys=2"), {}, {}, &spans);
    sink.publish({event("a"), event("a")}, traced(1));
    sink.publish({"counts nowhere"}, traced(2));
    BOOST_TEST(eventually([&] { return deliveries(spans).size() == 1; }));
    sink.publish({event("b"), event("a")}, traced(3));
    sink.publish({event("c"), event("d"), event("e"), event("b")}, traced(4));
    BOOST_TEST(eventually([&] { return sink.lost(loss::gave_up) > 0; }));
    BOOST_TEST(deliveries(spans).size() == 1u);
    server.start();
    sink.publish({event("a")});
    sink.drain();
    std::vector<delivery> all = deliveries(spans);
    std::ranges::sort(all, {}, &delivery::id);
    BOOST_TEST(
        (all == std::vector<delivery>{{1, 2, false}, {2, 1, false}, {3, 2, false}, {4, 4, true}}));
    for (const trace_span& each : spans.all())
        BOOST_TEST((each.begin <= each.end));
}

BOOST_AUTO_TEST_CASE(what_redis_refuses_fails_the_traces_of_what_was_sent_with_it) {
    redis_server server;
    server.ask({"SET", "track:acme:pageview:2013", "no hash"});
    span_list spans;
    rig sink(options(server.url()), {}, {}, &spans);
    sink.publish({event("acme")}, traced(1));
    BOOST_TEST(eventually([&] { return sink.lost(loss::rejected) == 1; }));
    sink.publish({event("other")}, traced(2));
    sink.drain();
    BOOST_TEST((deliveries(spans) == std::vector<delivery>{{1, 1, true}, {2, 1, false}}));
}

BOOST_AUTO_TEST_CASE(a_redis_that_is_killed_again_and_again_counts_exactly) {
    redis_server server;
    rig sink(options(server.url()));
    for (int kills = 0; kills < 4; ++kills) {
        for (int i = 0; i < 500; ++i)
            sink.publish({event("a" + std::to_string(i % 50)), event("b")});
        server.stop();
        server.start();
    }
    BOOST_TEST(eventually([&] { return sink.delivered() == 4000; }));
    sink.drain();
    BOOST_TEST(server.get("track:all:pageview:2013", "2") == "4000");
    BOOST_TEST(server.get("track:b:pageview:2013:2:1", "9") == "2000");
    BOOST_TEST(server.get("track:a7:pageview:2013:2:1", "9") == "40");
}

BOOST_AUTO_TEST_CASE(what_redis_refuses_for_now_is_tried_again) {
    redis_server server;
    server.ask({"CONFIG", "SET", "maxmemory", "1"});
    rig sink(options(server.url()));
    sink.publish({event("acme")});
    // It has been refused at least once when Redis has counted the error.
    BOOST_TEST(eventually([&] {
        return server.ask({"INFO", "errorstats"}).text.find("errorstat_OOM") != std::string::npos;
    }));
    BOOST_TEST(sink.delivered() == 0u);
    server.ask({"CONFIG", "SET", "maxmemory", "0"});
    sink.drain();
    BOOST_TEST(sink.delivered() == 1u);
    BOOST_TEST(server.get("track:acme:pageview:2013", "2") == "1");
}

BOOST_AUTO_TEST_CASE(what_can_t_be_counted_is_lost_and_said_so) {
    redis_server server;
    server.ask({"SET", "track:acme:pageview:2013", "no hash"});
    rig sink(options(server.url()));
    sink.publish({event("acme"), event("acme"), event("other"),
                  event(std::string(redis_sink::longest_name + 1, 'x'))});
    sink.drain();
    BOOST_TEST(sink.lost(loss::rejected) == 3u);
    BOOST_TEST(sink.delivered() == 1u);
    BOOST_TEST(server.get("track:acme:pageview:2013:2", "1") == "2"); // what it could
}

BOOST_AUTO_TEST_CASE(stopped_at_once_it_counts_what_it_holds) {
    redis_server server;
    server.stop();
    rig sink(options(server.url()));
    for (int i = 0; i < 20; ++i)
        sink.publish({event("a"), event("b")});
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) + sink.pending() == 40u);
}

BOOST_AUTO_TEST_CASE(passwords_users_and_databases) {
    redis_server server({"--requirepass", "s3:cret", "--user", "weir", "on", ">pw", "~*", "+@all"});
    {
        rig sink(options("redis+unix://weir:pw@" + server.path() + "?db=3"));
        sink.publish({event("acme")});
        sink.drain();
        BOOST_TEST(sink.delivered() == 1u);
    }
    {
        rig sink(options("redis+unix://:s3%3Acret@" + server.path() + "?db=4"));
        sink.publish({event("acme")});
        sink.drain();
        BOOST_TEST(sink.delivered() == 1u);
    }
    rig sink(options("redis+unix://weir:wrong@" + server.path()));
    sink.publish({event("acme")});
    BOOST_TEST(eventually([&] { return sink.pending() == 0; }));
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) == 1u);
}

BOOST_AUTO_TEST_CASE(rediss_checks_the_certificate) {
    scratch folder;
    const certificate made = make_certificate("localhost");
    spill(folder / "cert.pem", made.certificate_pem);
    spill(folder / "key.pem", made.key_pem);
    const std::string port = std::to_string(free_port());
    redis_server server({"--tls-port", port, "--tls-cert-file", folder / "cert.pem",
                         "--tls-key-file", folder / "key.pem", "--tls-ca-cert-file",
                         folder / "cert.pem", "--tls-auth-clients", "no"});
    const std::string url = "rediss://localhost:" + port;
    {
        rig sink(options(url));
        sink.publish({event("stranger")});
        BOOST_TEST(eventually([&] { return sink.pending() == 0; }));
        sink.stop_now();
        BOOST_TEST(sink.lost(loss::shutdown) == 1u);
    }
    setenv("SSL_CERT_FILE", (folder / "cert.pem").c_str(), 1);
    {
        rig sink(options(url));
        sink.publish({event("acme")});
        sink.drain();
    }
    unsetenv("SSL_CERT_FILE");
    for (const std::string& trust : {std::string("insecure"), "ca-file=" + folder / "cert.pem"}) {
        rig sink(options(url + "," + trust));
        sink.publish({event("acme")});
        sink.drain();
    }
    BOOST_TEST(server.get("track:all:pageview:2013", "2") == "3");
}

BOOST_AUTO_TEST_CASE(options_out_of_range_are_refused) {
    for (const char* text :
         {"redis://h,max-keys=0", "redis://h,timeout=0", "redis://h,timeout=2h",
          "redis://h,expire=1ms", "redis://h,key-separator=a",
          "redis://h,key-separator=", "redis://h,account=", "redis://h,account=a..b",
          "redis://h,insecure", "redis://h,ca-file=x", "rediss://h,ca-file=x,insecure"})
        BOOST_CHECK_THROW(rig(options(text)), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
