#include "sinks/live_replay.hpp"

#include "test/sinks/chunk_of.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;
using namespace weir::test;

namespace {

// Numbered events in a history, and what a client without a socket gets of them.
struct fixture {
    explicit fixture(std::uint64_t bytes = 1 << 20) : history(bytes) {}

    void publish(std::size_t count, std::uint64_t missed = 0, std::size_t size = 0) {
        batch_builder builder(0);
        std::uint64_t number = history.end() + missed;
        for (std::size_t i = 0; i < count; ++i, ++number) {
            std::string message = R"({"type":")" + std::string(number % 3 == 0 ? "c" : "ab") +
                                  R"(","n":)" + std::to_string(number) + "}";
            message.resize(std::max(message.size(), size), ' ');
            builder.append(message);
        }
        const batch_ptr fresh = builder.finish();
        if (fresh)
            history.append(missed, {&fresh, 1}, [] {});
        else
            history.append(missed, {}, [] {});
    }

    struct outcome {
        std::vector<std::uint64_t> numbers; // of events, in order
        std::uint64_t told = 0;             // by notices
        bool restart = false;
        std::size_t largest = 0; // step, in bytes
        live_replay::outcome end{};
        std::uint64_t missed = 0;
    };
    outcome replay(live_start from, const live_key& key = {}) {
        const live_encoding encoding(key);
        live_replay running(history, encoding, from, history.end());
        return finish(running);
    }
    outcome finish(live_replay& running) {
        outcome out;
        std::uint64_t place = 0;
        do {
            std::string text;
            std::vector<iovec> parts(64);
            while (place < running.stream().end()) {
                parts.resize(running.stream().gather(place, parts));
                for (const iovec& part : parts)
                    text.append(static_cast<const char*>(part.iov_base), part.iov_len);
                place += text.size();
            }
            out.largest = std::max(out.largest, text.size());
            for (const received_frame& frame : decode(text)) {
                if (frame.is_gap())
                    out.told += frame.missed();
                else if (frame.payload == restart_notice)
                    out.restart = true;
                else
                    out.numbers.push_back(
                        std::stoull(frame.payload.substr(frame.payload.find("\"n\":") + 4)));
            }
            out.end = running.step(history.end());
        } while (out.end == live_replay::outcome::more);
        out.missed = running.missed();
        return out;
    }

    live_history history;
};

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> out;
    for (; first <= last; ++first)
        out.push_back(first);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_replay)

BOOST_FIXTURE_TEST_CASE(since_gives_all_after_a_number, fixture) {
    for (int i = 0; i < 10; ++i)
        publish(10);
    for (std::uint64_t since = 0; since <= 100; ++since) {
        const auto got = replay({{}, since});
        BOOST_TEST(got.numbers == from_to(since + 1, 100), boost::test_tools::per_element());
        BOOST_TEST(got.told == 0u);
        BOOST_TEST((got.end == weir::live_replay::outcome::over));
    }
}

BOOST_FIXTURE_TEST_CASE(last_gives_the_newest, fixture) {
    for (int i = 0; i < 10; ++i)
        publish(10);
    for (std::uint64_t last = 0; last <= 120; ++last) {
        const auto got = replay({last, {}});
        BOOST_TEST(got.numbers == from_to(last < 100 ? 101 - last : 1, 100),
                   boost::test_tools::per_element());
        BOOST_TEST(got.told == 0u);
    }
}

BOOST_FIXTURE_TEST_CASE(last_counts_those_of_the_topics, fixture) {
    for (int i = 0; i < 10; ++i)
        publish(10);
    const live_key of_c{live_format::websocket, false, {"c"}};
    const std::vector<std::uint64_t> three{93, 96, 99};
    BOOST_TEST(replay({3, {}}, of_c).numbers == three, boost::test_tools::per_element());
    BOOST_TEST(replay({1000, {}}, of_c).numbers.size() == 33u);
    BOOST_TEST(replay({5, {}}, {live_format::websocket, false, {"nobody"}}).numbers.empty());
}

BOOST_FIXTURE_TEST_CASE(another_runs_number_is_told_so, fixture) {
    publish(5);
    const auto got = replay({{}, 6});
    BOOST_TEST(got.restart);
    BOOST_TEST(got.numbers == from_to(1, 5), boost::test_tools::per_element());
    BOOST_TEST(!replay({{}, 5}).restart);
    fixture empty;
    BOOST_TEST(empty.replay({{}, 1}).restart);
    BOOST_TEST(!empty.replay({{}, 0}).restart);
}

BOOST_FIXTURE_TEST_CASE(what_the_queue_gave_up_is_told_in_its_place, fixture) {
    publish(5);
    publish(5, 20); // 26 to 30
    publish(0, 7);
    auto got = replay({{}, 0});
    auto expected = from_to(1, 5);
    for (std::uint64_t each : from_to(26, 30))
        expected.push_back(each);
    BOOST_TEST(got.numbers == expected, boost::test_tools::per_element());
    BOOST_TEST(got.told == 27u);
    got = replay({{}, 10});
    BOOST_TEST(got.told == 22u);
    BOOST_TEST(replay({{}, 32}).told == 5u);
    got = replay({7, {}});
    BOOST_TEST(got.numbers.size() == 7u);
}

BOOST_AUTO_TEST_CASE(what_is_no_longer_held_is_told_exactly) {
    fixture small(20'000);
    for (int i = 0; i < 1000; ++i)
        small.publish(1, 0, 100);
    const auto got = small.replay({{}, 3});
    BOOST_TEST(got.numbers.size() > 20u);
    BOOST_TEST(got.told + got.numbers.size() == 997u);
    BOOST_TEST(got.numbers.back() == 1000u);
    const auto last = small.replay({900, {}});
    BOOST_TEST(last.numbers.size() == got.numbers.size());
    BOOST_TEST(last.told == 0u);
    fixture none(0);
    none.publish(10);
    BOOST_TEST(none.replay({{}, 2}).told == 8u);
    BOOST_TEST(none.replay({5, {}}).numbers.empty());
}

BOOST_AUTO_TEST_CASE(a_step_is_bounded_however_much_is_asked) {
    fixture large(64 << 20);
    large.publish(100'000, 0, 100); // one batch
    for (int i = 0; i < 2000; ++i)
        large.publish(10, 0, 1000);
    const auto got = large.replay({{}, 0});
    BOOST_TEST(got.numbers.size() == 120'000u);
    BOOST_TEST(got.largest <= weir::live_replay::step_bytes + 2000);
}

BOOST_AUTO_TEST_CASE(a_client_that_is_overtaken_is_told_how_much) {
    fixture small(400'000);
    for (int i = 0; i < 1000; ++i)
        small.publish(1, 0, 1000);
    const live_encoding encoding;
    weir::live_replay running(small.history, encoding, {{}, 900}, small.history.end());
    BOOST_TEST((running.step(small.history.end()) == weir::live_replay::outcome::more));
    for (int i = 0; i < 1000; ++i)
        small.publish(1, 0, 1000);
    const auto got = small.finish(running);
    BOOST_TEST((got.end == weir::live_replay::outcome::overtaken ||
                got.end == weir::live_replay::outcome::over));
    BOOST_TEST(900 + got.numbers.size() + got.told + got.missed == 2000u);
    BOOST_TEST(got.missed > 0u);
}

BOOST_FIXTURE_TEST_CASE(it_waits_for_a_stream_that_is_behind_the_client, fixture) {
    publish(10);
    const live_encoding encoding;
    weir::live_replay running(history, encoding, {{}, 10}, 5);
    BOOST_TEST((running.step(5) == weir::live_replay::outcome::wait));
    BOOST_TEST((running.step(11) == weir::live_replay::outcome::over));
}

// Whatever is asked of whatever there was, all events are got or told of.
BOOST_AUTO_TEST_CASE(random_histories_account_for_every_event) {
    std::mt19937 random(4711);
    const auto up_to = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n)(random);
    };
    for (int round = 0; round < 100; ++round) {
        fixture any(up_to(3) == 0 ? 1 << 20 : up_to(30'000));
        for (int i = 0; i < 60; ++i)
            any.publish(up_to(20), up_to(4) == 0 ? up_to(9) : 0, up_to(300));
        const std::uint64_t newest = any.history.end() - 1;
        const std::uint64_t since = up_to(newest);
        const auto got = any.replay({{}, since});
        BOOST_TEST_REQUIRE(since + got.numbers.size() + got.told == newest);
        BOOST_TEST_REQUIRE(std::is_sorted(got.numbers.begin(), got.numbers.end()));
    }
}

BOOST_AUTO_TEST_SUITE_END()
