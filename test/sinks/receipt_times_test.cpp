#include "sinks/receipt_times.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;

namespace {

constexpr receipt_times::time start(1'000'000s);

// What is taken, as pairs of microseconds since the start and a number.
using taken = std::vector<std::pair<std::int64_t, std::uint64_t>>;

taken take(weir::receipt_times& from, std::uint64_t messages) {
    taken out;
    from.take(messages, [&](receipt_times::time when, std::uint64_t some) {
        out.emplace_back((when - start) / 1us, some);
    });
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(receipt_times)

BOOST_AUTO_TEST_CASE(the_oldest_go_first) {
    weir::receipt_times all;
    all.add(start, 2);
    all.add(start, 1);
    all.add(start + 5us, 4);
    BOOST_TEST(all.size() == 2u);
    BOOST_TEST((take(all, 2) == taken{{0, 2}}));
    BOOST_TEST((take(all, 3) == taken{{0, 1}, {5, 2}}));
    all.add(start + 9us, 1);
    BOOST_TEST((take(all, 9) == taken{{5, 2}, {9, 1}}));
    BOOST_TEST((take(all, 1) == taken{}));
    BOOST_TEST(all.size() == 0u);
}

BOOST_AUTO_TEST_CASE(it_is_bounded_and_loses_no_message_and_no_mean) {
    weir::receipt_times all;
    constexpr std::int64_t times = 100'000;
    double sum = 0;
    std::uint64_t count = 0;
    for (std::int64_t i = 0; i < times; ++i) {
        const std::uint64_t some = i % 3 == 0 ? 7 : 1;
        all.add(start + std::chrono::microseconds(i), some);
        sum += static_cast<double>(some) * static_cast<double>(i);
        count += some;
        BOOST_REQUIRE(all.size() <= weir::receipt_times::most);
    }
    std::int64_t last = -1;
    for (const auto& [when, some] : take(all, count + 1)) {
        BOOST_TEST(when > last);
        last = when;
        sum -= static_cast<double>(some) * static_cast<double>(when);
        count -= some;
    }
    BOOST_TEST(count == 0u);
    BOOST_TEST(std::abs(sum) / (3.0 * times) < 2.0); // microseconds, of rounding
    BOOST_TEST(last > times - 3);
}

BOOST_AUTO_TEST_SUITE_END()
