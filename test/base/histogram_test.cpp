#include "base/histogram.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

inline constexpr std::array<std::uint64_t, 3> bounds{1, 10, 100};
template <writers Who>
using small = weir::histogram<bounds, Who>;

template <writers Who>
void check_counts() {
    small<Who> made;
    made.observe(0);
    made.observe(1, 2);
    made.observe(2);
    made.observe(10, 4);
    made.observe(100);
    made.observe(101, 7);
    BOOST_TEST(made.count_in(0) == 3u); // at a bound is below it
    BOOST_TEST(made.count_in(1) == 5u);
    BOOST_TEST(made.count_in(2) == 1u);
    BOOST_TEST(made.count_in(3) == 7u);
    BOOST_TEST(made.sum() == 0u + 2 + 2 + 40 + 100 + 707);
}

} // namespace

BOOST_AUTO_TEST_SUITE(histogram)

BOOST_AUTO_TEST_CASE(a_value_is_counted_at_the_first_bound_that_it_does_not_exceed) {
    check_counts<writers::one>();
    check_counts<writers::many>();
}

BOOST_AUTO_TEST_SUITE_END()
