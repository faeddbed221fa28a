#include "gateway/status_line.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;

BOOST_AUTO_TEST_SUITE(status_line)

BOOST_AUTO_TEST_CASE(numbers_are_short) {
    BOOST_TEST(short_number(0) == "0");
    BOOST_TEST(short_number(999) == "999");
    BOOST_TEST(short_number(999.6) == "1.0k");
    BOOST_TEST(short_number(1234) == "1.2k");
    BOOST_TEST(short_number(9960) == "10k");
    BOOST_TEST(short_number(999'900) == "1.0M");
    BOOST_TEST(short_number(5e9) == "5.0G");
}

BOOST_AUTO_TEST_CASE(rates_are_since_the_last_line) {
    const auto source = make_queue({});
    const auto reader = source->subscribe();
    metrics books(*source);
    listener_books& udp = books.open_listener("udp");
    sink_books& file = books.open_sink("file", *reader);
    weir::status_line line(books);

    const std::chrono::steady_clock::time_point start{1h};
    udp.received_messages.add(500);
    BOOST_TEST(line.text(start) == "in udp 0/s  out file 0/s  clients 0  refused 0  lost 0");
    udp.received_messages.add(3000);
    file.delivered_messages.add(2000);
    file.lost_messages[loss::gave_up].add(7);
    udp.refused_messages[refusal::oversize].add(2);
    BOOST_TEST(line.text(start + 2s) ==
               "in udp 1.5k/s  out file 1.0k/s  clients 0  refused 2  lost 7");
    BOOST_TEST(line.text(start + 3s) == "in udp 0/s  out file 0/s  clients 0  refused 2  lost 7");
}

BOOST_AUTO_TEST_SUITE_END()
