#include "wire/rfc3339.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

std::int64_t seconds(std::string_view text) {
    const auto time = parse_rfc3339(text);
    return time ? time->time_since_epoch().count() : -1;
}

} // namespace

BOOST_AUTO_TEST_SUITE(rfc3339)

BOOST_AUTO_TEST_CASE(times_are_read) {
    BOOST_TEST(seconds("1970-01-01T00:00:00Z") == 0);
    BOOST_TEST(seconds("2013-02-01T09:05:07Z") == 1359709507);
    BOOST_TEST(seconds("2013-02-01t09:05:07.123456789z") == 1359709507);
    BOOST_TEST(seconds("2013-02-01T10:05:07+01:00") == 1359709507);
    BOOST_TEST(seconds("2013-01-31T23:35:07-09:30") == 1359709507);
    BOOST_TEST(seconds("2012-02-29T00:00:00Z") == 1330473600);
    BOOST_TEST(seconds("2016-12-31T23:59:60Z") == 1483228799); // a leap second
}

BOOST_AUTO_TEST_CASE(what_is_no_time_is_none) {
    for (const char* text : {"",
                             "2013-02-01",
                             "2013-02-01T09:05:07",
                             "2013-02-01 09:05:07Z",
                             "2013-02-30T09:05:07Z",
                             "2013-02-29T00:00:00Z",
                             "2013-13-01T00:00:00Z",
                             "2013-00-01T00:00:00Z",
                             "2013-01-00T00:00:00Z",
                             "2013-02-01T24:00:00Z",
                             "2013-02-01T00:60:00Z",
                             "2013-02-01T00:00:61Z",
                             "2013-02-01T00:00:00.Z",
                             "2013-02-01T00:00:00+1:00",
                             "2013-02-01T00:00:00+24:00",
                             "2013-02-01T00:00:00Zx",
                             "13-02-01T00:00:00Z",
                             "0000-01-01T00:00:00Z",
                             "+013-02-01T00:00:00Z",
                             "2013-2-01T00:00:00Z"})
        BOOST_TEST(!parse_rfc3339(text), text);
    const std::string whole = "2013-02-01T09:05:07.5+01:00";
    for (std::size_t size = 0; size < whole.size(); ++size)
        BOOST_TEST(!parse_rfc3339(std::string_view(whole).substr(0, size)), size);
}

BOOST_AUTO_TEST_SUITE_END()
