#include "gateway/bench/sequence.hpp"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <numeric>
#include <random>
#include <set>
#include <vector>

using namespace weir;

namespace {

bench::sequence noted(const std::vector<std::uint64_t>& numbers) {
    bench::sequence all;
    for (const std::uint64_t number : numbers)
        all.note(number);
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(sequence)

BOOST_AUTO_TEST_CASE(all_in_order) {
    std::vector<std::uint64_t> numbers(1000);
    std::iota(numbers.begin(), numbers.end(), 0);
    const bench::sequence all = noted(numbers);
    BOOST_TEST(all.found() == 1000u);
    BOOST_TEST(all.end() == 1000u);
    BOOST_TEST(all.duplicates() == 0u);
    BOOST_TEST(all.out_of_order() == 0u);
}

BOOST_AUTO_TEST_CASE(missing_twice_and_late_are_told_apart) {
    const bench::sequence all = noted({0, 1, 3, 3, 2, 1, 200, 64, 200});
    BOOST_TEST(all.found() == 6u);
    BOOST_TEST(all.end() == 201u);
    BOOST_TEST(all.duplicates() == 3u);
    BOOST_TEST(all.out_of_order() == 2u); // 2 and 64
}

BOOST_AUTO_TEST_CASE(a_repetition_of_what_is_long_settled_is_seen) {
    std::vector<std::uint64_t> numbers(500);
    std::iota(numbers.begin(), numbers.end(), 0);
    numbers.insert(numbers.end(), {0, 63, 64, 499});
    BOOST_TEST(noted(numbers).duplicates() == 4u);
}

// Against a set.
BOOST_AUTO_TEST_CASE(any_order_counts_as_a_set_does) {
    std::mt19937 random(1);
    for (int round = 0; round < 50; ++round) {
        bench::sequence all;
        std::set<std::uint64_t> seen;
        std::uint64_t duplicates = 0;
        std::uint64_t late = 0;
        for (int i = 0; i < 2000; ++i) {
            const std::uint64_t number = random() % 1500;
            all.note(number);
            if (!seen.empty() && number < *seen.rbegin() && !seen.contains(number))
                ++late;
            if (!seen.insert(number).second)
                ++duplicates;
        }
        BOOST_REQUIRE_EQUAL(all.found(), seen.size());
        BOOST_REQUIRE_EQUAL(all.duplicates(), duplicates);
        BOOST_REQUIRE_EQUAL(all.out_of_order(), late);
        BOOST_REQUIRE_EQUAL(all.end(), *seen.rbegin() + 1);
    }
}

BOOST_AUTO_TEST_CASE(a_verdict_sums_up) {
    bench::sequence_verdict verdict;
    verdict.add(noted({0, 1, 1}), 4);
    verdict.add(noted({0, 1, 2}), 2); // more than were counted on
    BOOST_TEST(verdict.expected == 6u);
    BOOST_TEST(verdict.found == 5u);
    BOOST_TEST(verdict.missing == 2u);
    BOOST_TEST(verdict.duplicates == 1u);
    bench::sequence_verdict both;
    both.add(verdict);
    both.add(verdict);
    BOOST_TEST(both.missing == 4u);
}

BOOST_AUTO_TEST_SUITE_END()
