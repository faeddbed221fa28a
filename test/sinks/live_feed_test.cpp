#include "sinks/live_feed.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace weir;
using outcome = live_subscription::outcome;

namespace {

batch_ptr batch_of(const std::vector<std::string>& messages) {
    batch_builder builder(batch_origin(0));
    for (const std::string& each : messages)
        builder.append(each);
    return builder.finish();
}

struct fixture {
    explicit fixture(std::uint64_t bytes = 1u << 20)
        : history(std::make_shared<live_history>(bytes)),
          feed(std::make_shared<weir::live_feed>(history, books, &names)) {
        feed->start(running);
    }
    void append(const std::vector<std::string>& messages, std::uint64_t missed = 0) {
        const std::vector<batch_ptr> fresh{batch_of(messages)};
        history->append(missed, fresh, [] {});
        feed->wake();
    }
    std::unique_ptr<live_subscription> subscribe(const live_wish& wish = {}) {
        return feed->subscribe(wish, [this] { ++woken; });
    }
    // "seq:topic:data", "-N" for what was missed, "!" for a restart; until there is nothing more.
    std::string read(live_subscription& from, std::size_t most = 1000) {
        std::string all;
        for (int i = 0; i < 1000; ++i) {
            std::string part;
            const auto step = from.next(most, [&](const live_event& event) {
                part += std::to_string(event.seq) + ":" + std::string(event.topic) + ":" +
                        std::string(event.data) + " ";
                listener = event.listener;
                time = event.time;
            });
            if (step.restarted)
                all += "! ";
            if (step.missed > 0)
                all += "-" + std::to_string(step.missed) + " ";
            all += part;
            last = step.now;
            if (step.now != outcome::more)
                return all;
        }
        return "it never ends";
    }

    std::vector<std::string> names{"udp 127.0.0.1:9"};
    sink_books books;
    std::shared_ptr<live_history> history;
    std::shared_ptr<weir::live_feed> feed;
    std::shared_ptr<void> running = std::make_shared<int>();
    int woken = 0;
    outcome last = outcome::more;
    std::string listener;
    std::string time;
};

} // namespace

BOOST_AUTO_TEST_SUITE(live_feed)

BOOST_AUTO_TEST_CASE(a_subscriber_gets_what_comes_and_is_woken_for_it_once) {
    fixture it;
    it.append({"before"});
    const auto one = it.subscribe();
    BOOST_TEST(it.books.clients.value() == 1);
    BOOST_TEST(it.read(*one) == "");
    BOOST_TEST((it.last == outcome::nothing));
    it.append({"a", R"({"type":"t"})"});
    it.append({"b"});
    BOOST_TEST(it.woken == 1);
    BOOST_TEST(it.read(*one) == R"(2::a 3:t:{"type":"t"} 4::b )");
    BOOST_TEST(it.listener == "udp 127.0.0.1:9");
    BOOST_TEST(it.time.size() == std::string("2026-11-25T04:30:12.123456Z").size());
    it.append({"c"});
    BOOST_TEST(it.woken == 2);
    BOOST_TEST(it.read(*one) == "5::c ");
}

BOOST_AUTO_TEST_CASE(one_that_is_gone_is_woken_no_more) {
    fixture it;
    auto one = it.subscribe();
    it.read(*one);
    one.reset();
    it.append({"a"});
    BOOST_TEST(it.woken == 0);
    BOOST_TEST(it.books.clients.value() == 0);
    BOOST_TEST(it.feed->empty());
}

BOOST_AUTO_TEST_CASE(it_takes_small_pieces_as_well) {
    fixture it;
    const auto one = it.subscribe();
    it.append({"a", "b", "c"});
    it.append({"d"});
    BOOST_TEST(it.read(*one, 1) == "1::a 2::b 3::c 4::d ");
}

BOOST_AUTO_TEST_CASE(topics_are_chosen) {
    fixture it;
    const auto one = it.subscribe({{"x*", "!xy"}, {}, {}});
    it.append({R"({"type":"x1"})", R"({"type":"xy"})", "none"});
    it.append({R"({"type":"x2"})"});
    BOOST_TEST(it.read(*one) == R"(1:x1:{"type":"x1"} 4:x2:{"type":"x2"} )");
    BOOST_CHECK_THROW(it.subscribe({{"a*b"}, {}, {}}), usage_error);
    BOOST_TEST(it.books.clients.value() == 1);
}

BOOST_AUTO_TEST_CASE(last_and_since_say_where_it_begins) {
    fixture it;
    it.append({"a", R"({"type":"t"})", "c", "d"});
    BOOST_TEST(it.read(*it.subscribe({{}, 2, {}})) == "3::c 4::d ");
    BOOST_TEST(it.read(*it.subscribe({{}, 100, {}})) == R"(1::a 2:t:{"type":"t"} 3::c 4::d )");
    BOOST_TEST(it.read(*it.subscribe({{"t"}, 1, {}})) == R"(2:t:{"type":"t"} )");
    BOOST_TEST(it.read(*it.subscribe({{}, {}, 3})) == "4::d ");
    BOOST_TEST(it.read(*it.subscribe({{}, {}, 4})) == "");
    BOOST_TEST(it.read(*it.subscribe({{}, {}, 5})) == R"(! 1::a 2:t:{"type":"t"} 3::c 4::d )");
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_told) {
    fixture it;
    const auto one = it.subscribe();
    it.append({"a"});
    it.append({"b"}, 3); // which the queue gave up
    BOOST_TEST(it.read(*one) == "1::a -3 5::b ");
    BOOST_TEST(it.books.missed_messages.value() == 0u);
}

BOOST_AUTO_TEST_CASE(one_that_is_overtaken_goes_on_at_the_newest_and_it_counts) {
    fixture it(2000);
    const auto one = it.subscribe();
    for (int i = 0; i < 50; ++i)
        it.append({"event"});
    BOOST_TEST(it.read(*one) == "-50 ");
    BOOST_TEST(it.books.missed_messages.value() == 50u);
    it.append({"next"});
    BOOST_TEST(it.read(*one) == "51::next ");
    // Who asks for what is not held any more is told, and has missed nothing by its own fault.
    const std::string late = it.read(*it.subscribe({{}, {}, 1}));
    BOOST_TEST(late.starts_with("-"));
    BOOST_TEST(late.ends_with("50::event 51::next "));
    BOOST_TEST(it.books.missed_messages.value() == 50u);
}

BOOST_AUTO_TEST_CASE(at_the_end_everybody_gets_the_rest) {
    fixture it;
    const auto reads = it.subscribe();
    const auto sleeps = it.subscribe();
    it.append({"a"});
    it.read(*sleeps);
    it.feed->finish();
    BOOST_TEST(it.woken == 1);
    BOOST_TEST(it.read(*reads) == "1::a ");
    BOOST_TEST((it.last == outcome::finished));
    BOOST_TEST(it.read(*sleeps) == "");
    BOOST_TEST((it.last == outcome::finished));
    BOOST_TEST(!it.subscribe());
    BOOST_TEST(it.running.use_count() == 3);
}

BOOST_AUTO_TEST_CASE(a_stop_lets_go_of_all_at_once) {
    fixture it;
    const auto one = it.subscribe();
    it.append({"a"});
    it.feed->stop();
    BOOST_TEST(it.running.use_count() == 1);
    BOOST_TEST(it.read(*one) == "");
    BOOST_TEST((it.last == outcome::stopped));
}

BOOST_AUTO_TEST_SUITE_END()
