#include "wire/sse_parser.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>

using namespace weir;

namespace {

// What came out of a stream cut in pieces: "TYPE(ID)=DATA;" an event, then what is remembered.
std::string read(std::string_view stream, std::size_t first, std::size_t others,
                 std::size_t max_event) {
    sse_parser parser(max_event);
    std::string said;
    std::size_t piece = first;
    while (!stream.empty()) {
        // A buffer of its own, so that a view into bytes that are gone is found by the sanitizer.
        const std::string owned(stream.substr(0, piece));
        stream.remove_prefix(owned.size());
        piece = others;
        std::string_view bytes = owned;
        while (parser.next(bytes))
            said += parser.event().type + "(" + parser.event().last_id +
                    ")=" + parser.event().data + ";";
        BOOST_REQUIRE(bytes.empty());
    }
    said += "id=" + parser.last_id();
    if (parser.retry())
        said += ",retry=" + std::to_string(parser.retry()->count());
    if (parser.oversize() > 0)
        said += ",oversize=" + std::to_string(parser.oversize());
    return said;
}

void check(std::string_view stream, const std::string& expected, std::size_t max_event = 1024) {
    BOOST_TEST(read(stream, stream.size(), 1, max_event) == expected);
    BOOST_TEST(read(stream, 1, 1, max_event) == expected);
    for (std::size_t cut = 1; cut < stream.size(); ++cut)
        BOOST_TEST(read(stream, cut, stream.size(), max_event) == expected, "cut at " << cut);
}

} // namespace

BOOST_AUTO_TEST_SUITE(sse_parser)

// The examples of the standard, section 9.2.6.
BOOST_AUTO_TEST_CASE(the_standards_own_examples) {
    check("data: YHOO\ndata: +2\ndata: 10\n\n", "message()=YHOO\n+2\n10;id=");
    check(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third "
          "event\n\n",
          "message(1)=first event;message()=second event;message()= third event;id=");
    check("data\n\ndata\ndata\n\ndata:", "message()=;message()=\n;id=");
    check("data:test\n\ndata: test\n\n", "message()=test;message()=test;id=");
}

BOOST_AUTO_TEST_CASE(any_line_end_will_do) {
    check("data: a\r\ndata: b\r\rdata: c\n\ndata: d\n\r\n", //
          "message()=a\nb;message()=c;message()=d;id=");
    check("data: a\r\n\r\n", "message()=a;id=");
    check("\r\n\r\n\n\n\r\r", "id=");
}

BOOST_AUTO_TEST_CASE(a_byte_order_mark_is_dropped_once) {
    check("\xef\xbb\xbf"
          "data: a\n\n",
          "message()=a;id=");
    check("data: a\n\n\xef\xbb\xbf"
          "data: b\n\n",
          "message()=a;id=");
}

BOOST_AUTO_TEST_CASE(events_have_types_and_forget_them) {
    check("event: add\ndata: 1\n\nevent: gone\n\ndata: 2\n\nevent:\ndata: 3\n\n",
          "add()=1;message()=2;message()=3;id=");
}

BOOST_AUTO_TEST_CASE(ids_stay_until_there_is_another) {
    check("id: 7\ndata: a\n\ndata: b\n\nid: 8\n\n", "message(7)=a;message(7)=b;id=8");
    check("id: 7\ndata: a\n\nid: 8\ndata: never en", "message(7)=a;id=7");
    check(std::string_view("id: 7\n\nid: a\0b\ndata: x\n\n", 24), "message(7)=x;id=7");
}

BOOST_AUTO_TEST_CASE(retry_is_digits_alone) {
    check("retry: 1500\n\n", "id=,retry=1500");
    check("retry: 1500\nretry: 2s\nretry:\nretry: -1\nretry: 99999999999\n", "id=,retry=1500");
}

BOOST_AUTO_TEST_CASE(unknown_fields_and_comments_are_ignored) {
    check(":\n:data: no\ndatas: no\nDATA: no\n data: no\ndata : no\nfoo\n\n", "id=");
    check("data: a:b\n\n", "message()=a:b;id=");
}

BOOST_AUTO_TEST_CASE(what_is_too_long_is_dropped_whole_and_counted) {
    const std::string fits(16, 'x');
    const std::string over(17, 'x');
    const std::string far_over(500, 'x');
    check("data: " + fits + "\n\n", "message()=" + fits + ";id=", 16);
    check("id: 1\ndata: " + over + "\n\ndata: a\n\n", "message(1)=a;id=1,oversize=1", 16);
    check("data: " + far_over + "\n\ndata: a\n\n", "message()=a;id=,oversize=1", 16);
    check("data: 12345678\ndata: 12345678\ndata: 1\n\n", "id=,oversize=1", 16);
    check("event: " + far_over + "\ndata: a\n\n", "id=,oversize=1", 16);
    check(":" + far_over + "\nother: " + far_over + "\ndata: a\n\n", "message()=a;id=", 16);
}

BOOST_AUTO_TEST_SUITE_END()
