#include "gateway/metrics.hpp"

#include "queues/delivery.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

batch_ptr messages(int count) {
    batch_builder builder(0);
    for (int i = 0; i < count; ++i)
        builder.append("message");
    return builder.finish();
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

// A ring of two batches, one reader that took the newest two of three, and what became of those.
struct some_run {
    some_run() {
        udp.address = "127.0.0.1:9000";
        file.target = "a \"b\"\\";
        for (int count : {5, 3, 2}) {
            batch_ptr batch = messages(count);
            source->publish(batch);
            udp.received_messages.add(static_cast<std::uint64_t>(count));
        }
        udp.refused_messages[refusal::kernel_drop].add(4);
        file.delivered_messages.add(reader->try_take()->size());
        file.lost_messages[loss::rejected].add(1);
        reader->try_take();
    }
    queue_options options{.slots = 2};
    std::unique_ptr<queue> source = make_queue(options);
    std::unique_ptr<queue_reader> reader = source->subscribe();
    metrics books{*source};
    listener_books& udp = books.open_listener("udp");
    sink_books& file = books.open_sink("file", *reader);
};

} // namespace

BOOST_AUTO_TEST_SUITE(metrics)

BOOST_AUTO_TEST_CASE(the_text_has_every_book) {
    const some_run run;
    const std::string text = run.books.prometheus_text();
    const std::string udp = R"({listener="udp",address="127.0.0.1:9000")";
    const std::string file = R"({sink="file",target="a \"b\"\\")";
    BOOST_TEST(has_line(text, "weir_received_messages_total" + udp + "} 10"));
    BOOST_TEST(has_line(text, "weir_refused_messages_total" + udp + R"(,reason="kernel_drop"} 4)"));
    BOOST_TEST(has_line(text, "weir_delivered_messages_total" + file + "} 3"));
    BOOST_TEST(has_line(text, "weir_lost_messages_total" + file + R"(,reason="overrun"} 5)"));
    BOOST_TEST(has_line(text, "weir_lost_messages_total" + file + R"(,reason="rejected"} 1)"));
    BOOST_TEST(has_line(text, "weir_pending_messages" + file + "} 1"));
    BOOST_TEST(has_line(text, "weir_published_messages_total 10"));
    BOOST_TEST(has_line(text, "weir_queue_batches 2"));
}

BOOST_AUTO_TEST_CASE(what_is_lost_after_a_look_is_not_in_it) {
    some_run run;
    const auto seen = run.books.sinks();
    run.file.lost_messages[loss::rejected].add(1000);
    BOOST_TEST(seen.at(0).lost == 6u);
    BOOST_TEST(seen.at(0).lost_by == (std::array<std::uint64_t, loss_names.size()>{5, 1, 0, 0}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_scraped_target_has_its_own_books) {
    some_run run;
    listener_books& scrape = run.books.open_listener("scrape");
    scrape.address = "http://h/metrics";
    scrape.scrapes.done.add(9);
    scrape.scrapes.failed.add(2);
    scrape.scrapes.skipped.add(3);
    scrape.scrapes.wrong_lines.add(4);
    scrape.scrapes.up.set(1);
    const std::string text = run.books.prometheus_text();
    const std::string target = R"({target="http://h/metrics"} )";
    BOOST_TEST(has_line(text, "weir_scrapes_total" + target + "9"));
    BOOST_TEST(has_line(text, "weir_scrape_failures_total" + target + "2"));
    BOOST_TEST(has_line(text, "weir_scrape_skipped_total" + target + "3"));
    BOOST_TEST(has_line(text, "weir_scrape_parse_errors_total" + target + "4"));
    BOOST_TEST(has_line(text, "weir_scrape_up" + target + "1"));
    BOOST_TEST(text.find("weir_scrapes_total{target=\"127") == text.npos);
    // Another takes its place, and what it has counted stays; how its target is, it can't say.
    scrape.scrapes.up.set(-1);
    listener_books& next = run.books.open_listener("scrape");
    next.address = scrape.address;
    BOOST_TEST(run.books.prometheus_text().find("weir_scrape_up{") == text.npos);
    next.scrapes.done.add(1);
    next.scrapes.up.set(1);
    const std::string later = run.books.prometheus_text();
    BOOST_TEST(has_line(later, "weir_scrapes_total" + target + "10"));
    BOOST_TEST(has_line(later, "weir_scrape_up" + target + "1"));
}

BOOST_AUTO_TEST_CASE(what_became_of_spans_is_told_by_collector) {
    some_run run;
    BOOST_TEST(run.books.prometheus_text().find("weir_trace") == std::string::npos);
    trace_books& traces = run.books.traces().emplace_back();
    traces.collector = "http://c/v1/traces";
    traces.sent_spans.add(7);
    traces.dropped_spans.add(2);
    const std::string text = run.books.prometheus_text();
    BOOST_TEST(has_line(text, R"(weir_trace_spans_sent_total{collector="http://c/v1/traces"} 7)"));
    BOOST_TEST(
        has_line(text, R"(weir_trace_spans_dropped_total{collector="http://c/v1/traces"} 2)"));
    BOOST_TEST(run.books.closing_lines().back() ==
               "trace http://c/v1/traces: 7 spans sent, 2 dropped");
}

BOOST_AUTO_TEST_CASE(deliveries_are_timed_by_message) {
    some_run run;
    const batch_ptr three = messages(3);
    const auto at = three->received();
    note_delivery(run.file, nullptr, *three, {3, at, at + std::chrono::milliseconds(2)});
    note_delivery(run.file, nullptr, *three, {2, at, at + std::chrono::hours(1)});
    note_delivery(run.file, nullptr, *three, {1, at, at - std::chrono::hours(1)}); // set back
    run.file.retries.add(7);
    run.udp.batches.observe(5);
    count_delivery(run.file, 5, 100);
    count_delivery(run.file, 0, 0);
    const std::string text = run.books.prometheus_text();
    const std::string file = R"({sink="file",target="a \"b\"\\")";
    BOOST_TEST(has_line(text, "weir_delivery_seconds_count" + file + "} 6"));
    BOOST_TEST(has_line(text, "weir_delivery_seconds_sum" + file + "} 7200.006"));
    BOOST_TEST(has_line(text, "weir_delivery_seconds_bucket" + file + R"(,le="0.001"} 1)"));
    BOOST_TEST(has_line(text, "weir_delivery_seconds_bucket" + file + R"(,le="0.0025"} 4)"));
    BOOST_TEST(has_line(text, "weir_delivery_seconds_bucket" + file + R"(,le="300"} 4)"));
    BOOST_TEST(has_line(text, "weir_delivery_seconds_bucket" + file + R"(,le="+Inf"} 6)"));
    BOOST_TEST(has_line(text, "weir_retries_total" + file + "} 7"));
    BOOST_TEST(has_line(text, "weir_delivery_messages_count" + file + "} 1"));
    BOOST_TEST(has_line(text, "weir_delivery_messages_sum" + file + "} 8"));
    const std::string udp = R"({listener="udp",address="127.0.0.1:9000")";
    BOOST_TEST(has_line(text, "weir_batch_messages_bucket" + udp + R"(,le="4"} 0)"));
    BOOST_TEST(has_line(text, "weir_batch_messages_bucket" + udp + R"(,le="16"} 1)"));
    BOOST_TEST(has_line(text, "weir_batch_messages_sum" + udp + "} 10"));
}

BOOST_AUTO_TEST_CASE(the_process_and_the_build_are_described) {
    const some_run run;
    const std::string text = run.books.prometheus_text();
    const auto value = [&](const std::string& name) {
        const std::size_t at = ("\n" + text).find("\n" + name + " ");
        BOOST_REQUIRE(at != std::string::npos);
        return std::stod(text.substr(at + name.size() + 1));
    };
    BOOST_TEST(value("process_cpu_seconds_total") > 0);
    BOOST_TEST(value("process_resident_memory_bytes") > 100'000);
    BOOST_TEST(value("process_virtual_memory_bytes") > value("process_resident_memory_bytes"));
    BOOST_TEST(value("process_open_fds") >= 3);
    BOOST_TEST(value("process_max_fds") >= value("process_open_fds"));
    BOOST_TEST(value("process_threads") >= 1);
    const auto now = std::chrono::duration<double>(receive_clock::now().time_since_epoch()).count();
    BOOST_TEST(value("process_start_time_seconds") < now + 2);
    BOOST_TEST(value("process_start_time_seconds") > now - 24 * 3600);
    BOOST_TEST(text.find("weir_build_info{version=\"") != std::string::npos);
    BOOST_TEST(text.find("boost=\"1.81\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_last_words_are_one_line_a_sink) {
    const some_run run;
    const auto lines = run.books.closing_lines();
    BOOST_TEST(lines.at(0) ==
               "received 10 messages, 4 refused on udp 127.0.0.1:9000 (kernel_drop)");
    BOOST_TEST(lines.at(1) == "file a \"b\"\\: published 10 = delivered 3 + lost 6 (5 overrun, 1 "
                              "rejected) + pending 1");
}

BOOST_AUTO_TEST_CASE(what_is_gone_stays_and_is_summed_up_by_name) {
    some_run run;
    run.books.end(run.file);
    run.reader.reset();
    const auto reader = run.source->subscribe();
    sink_books& file = run.books.open_sink("file", *reader);
    file.target = run.file.target;
    batch_ptr batch = messages(4);
    run.source->publish(batch);
    file.delivered_messages.add(4);
    listener_books& udp = run.books.open_listener("udp");
    udp.address = run.udp.address;
    udp.received_messages.add(4);
    run.books.forget(run.books.open_listener("tcp"));
    const listener_books& later = run.books.open_listener("later", false);
    BOOST_TEST(run.books.prometheus_text().find("later") == std::string::npos);
    run.books.show(later);
    BOOST_TEST(run.books.prometheus_text().find("later") != std::string::npos);

    const std::string text = run.books.prometheus_text();
    const std::string labels = R"({sink="file",target="a \"b\"\\")";
    BOOST_TEST(has_line(
        text, R"(weir_received_messages_total{listener="udp",address="127.0.0.1:9000"} 14)"));
    BOOST_TEST(has_line(text, "weir_delivered_messages_total" + labels + "} 7"));
    BOOST_TEST(has_line(text, "weir_lost_messages_total" + labels + R"(,reason="overrun"} 5)"));
    BOOST_TEST(has_line(text, "weir_pending_messages" + labels + "} 1"));
    const std::string sample = "\nweir_delivered_messages_total{";
    BOOST_TEST(text.find(sample) == text.rfind(sample));
    BOOST_TEST(text.find("tcp") == text.npos);
    BOOST_TEST(run.books.closing_lines().back() ==
               "file a \"b\"\\: published 14 = delivered 7 + lost 6 (5 overrun, 1 rejected) + "
               "pending 1");
}

BOOST_AUTO_TEST_SUITE_END()
