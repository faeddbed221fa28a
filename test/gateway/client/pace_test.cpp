#include "gateway/client/pace.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;

namespace {

constexpr client::pace::clock::time_point start{1h};

// Sends whenever something is due, with a clock that goes from one such time to the next, and
// returns how much went in `span` and the largest burst.
std::pair<std::uint64_t, std::uint64_t> run(client::pace pace, std::chrono::nanoseconds span) {
    std::uint64_t sent = 0;
    std::uint64_t largest = 0;
    for (auto now = pace.next(); now < start + span; now = pace.next()) {
        const std::uint64_t due = pace.due(now);
        BOOST_REQUIRE(due > 0);
        pace.sent(due);
        sent += due;
        largest = std::max(largest, due);
    }
    return {sent, largest};
}

client::pace paced(double rate, std::uint64_t most) {
    client::pace pace(rate, most);
    pace.begin(start);
    return pace;
}

} // namespace

BOOST_AUTO_TEST_SUITE(pace)

BOOST_AUTO_TEST_CASE(flat_out_is_always_due) {
    client::pace pace = paced(0, 64);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(pace.due(start) == 64u);
        BOOST_TEST((pace.next() <= start));
        pace.sent(64);
    }
}

BOOST_AUTO_TEST_CASE(a_low_rate_goes_one_by_one) {
    client::pace pace = paced(100, 64);
    BOOST_TEST(pace.due(start) == 1u);
    pace.sent(1);
    BOOST_TEST(pace.due(start + 9ms) == 0u);
    BOOST_TEST((pace.next() == start + 10ms));
    BOOST_TEST(pace.due(start + 10ms) == 1u);
}

BOOST_AUTO_TEST_CASE(a_high_rate_goes_in_bursts_of_a_millisecond) {
    const auto [sent, largest] = run(paced(30'000, 64), 10s);
    BOOST_TEST(largest == 30u);
    BOOST_TEST(sent >= 300'000u - 30);
    BOOST_TEST(sent <= 300'000u + 30);
}

BOOST_AUTO_TEST_CASE(no_burst_is_larger_than_the_sender_wants) {
    const auto [sent, largest] = run(paced(1'000'000, 64), 1s);
    BOOST_TEST(largest == 64u);
    BOOST_TEST(sent >= 1'000'000u - 64);
    BOOST_TEST(sent <= 1'000'000u + 64);
}

BOOST_AUTO_TEST_CASE(odd_rates_keep_their_rate) {
    for (const double rate : {0.5, 3.0, 333.0, 7'777.0, 123'457.0}) {
        const double expected = rate * 20;
        const auto sent = static_cast<double>(run(paced(rate, 64), 20s).first);
        BOOST_TEST(sent >= expected - 64);
        BOOST_TEST(sent <= expected + 64);
    }
}

BOOST_AUTO_TEST_CASE(who_falls_behind_catches_up_in_bursts) {
    client::pace pace = paced(2'000, 64);
    const auto late = start + 1s;
    std::uint64_t sent = 0;
    while (const std::uint64_t due = pace.due(late)) {
        BOOST_REQUIRE_EQUAL(due, 2u);
        pace.sent(due);
        sent += due;
    }
    BOOST_TEST(sent == 2'000u);
    BOOST_TEST((pace.next() > late));
}

BOOST_AUTO_TEST_SUITE_END()
