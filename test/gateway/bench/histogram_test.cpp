#include "gateway/bench/histogram.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;

namespace {

using steps = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

} // namespace

BOOST_AUTO_TEST_SUITE(histogram)

BOOST_AUTO_TEST_CASE(of_nothing_is_zero) {
    const bench::histogram empty;
    BOOST_TEST(empty.count() == 0u);
    BOOST_TEST(empty.percentile(0.5) == 0u);
    BOOST_TEST(empty.max() == 0u);
    BOOST_TEST(empty.steps(1).empty());
}

BOOST_AUTO_TEST_CASE(small_values_are_exact) {
    bench::histogram h;
    for (std::uint64_t value = 1; value <= 200; ++value)
        h.record(value);
    BOOST_TEST(h.percentile(0.5) == 100u);
    BOOST_TEST(h.percentile(0.99) == 198u);
    BOOST_TEST(h.percentile(0) == 1u);
    BOOST_TEST(h.percentile(1) == 200u);
}

// Against the sorted values themselves.
BOOST_AUTO_TEST_CASE(percentiles_are_within_one_percent) {
    std::mt19937_64 random(1);
    std::lognormal_distribution<double> spread(12, 3);
    bench::histogram h;
    std::vector<std::uint64_t> values;
    for (int i = 0; i < 100'000; ++i) {
        values.push_back(static_cast<std::uint64_t>(spread(random)));
        h.record(values.back());
    }
    std::ranges::sort(values);
    for (const std::size_t rank : {1'000, 50'000, 90'000, 99'000, 99'900, 100'000}) {
        const auto exact = static_cast<double>(values[rank - 1]);
        const auto told = static_cast<double>(h.percentile(static_cast<double>(rank) / 100'000));
        BOOST_TEST(told >= exact);
        BOOST_TEST(told <= exact * 1.01);
    }
    BOOST_TEST(h.max() == values.back());
}

BOOST_AUTO_TEST_CASE(merged_is_as_if_recorded_in_one) {
    bench::histogram one;
    bench::histogram other;
    one.record(10, 3);
    other.record(1'000'000);
    one.merge(other);
    BOOST_TEST(one.count() == 4u);
    BOOST_TEST(one.percentile(0.75) == 10u);
    BOOST_TEST(one.percentile(1) == 1'000'000u);
}

BOOST_AUTO_TEST_CASE(what_is_beyond_all_steps_counts_in_the_last) {
    bench::histogram h;
    h.record(~std::uint64_t{0});
    BOOST_TEST(h.count() == 1u);
    BOOST_TEST(h.max() == ~std::uint64_t{0});
    BOOST_TEST(h.percentile(1) > std::uint64_t{1} << 43);
}

BOOST_AUTO_TEST_CASE(steps_hold_every_value_once) {
    bench::histogram h;
    h.record(3);
    h.record(20, 2);
    h.record(21);
    h.record(90);
    BOOST_TEST((h.steps(1) == steps{{5, 1}, {10, 0}, {20, 2}, {50, 1}, {100, 1}}));
}

BOOST_AUTO_TEST_SUITE_END()
