#include "gateway/bench/message_buffer.hpp"

#include <boost/test/unit_test.hpp>
#include <vector>

using namespace weir;
using namespace weir::bench;

namespace {

constexpr std::uint64_t some_time = 1'763'000'000'123'456'789;
constexpr std::size_t units = 230;

struct way {
    std::string name;
    unit (*make)(const message_layout&);
    std::string (*expected)(const std::string& message);
};

constexpr masking_key key{'\x12', '\xfe', '\x30', '\x07'};

const std::vector<way> ways{
    {"datagram", datagram_unit, [](const std::string& m) { return m; }},
    {"newline", [](const message_layout& l) { return framed_unit(l, framing::newline); },
     [](const std::string& m) { return m + "\n"; }},
    {"nul", [](const message_layout& l) { return framed_unit(l, framing::nul); },
     [](const std::string& m) { return m + '\0'; }},
    {"length", [](const message_layout& l) { return framed_unit(l, framing::length); },
     [](const std::string& m) {
         std::string out;
         append_framed(out, framing::length, m);
         return out;
     }},
    {"octet-counting",
     [](const message_layout& l) { return framed_unit(l, framing::octet_counting); },
     [](const std::string& m) { return std::to_string(m.size()) + " " + m; }},
    {"websocket", [](const message_layout& l) { return websocket_unit(l, key); },
     [](const std::string& m) {
         std::string out;
         append_masked_frame(out, opcode::text, true, m, key);
         return out;
     }},
};

} // namespace

BOOST_AUTO_TEST_SUITE(message_buffer)

// Stamping in place gives what making each message anew does.
BOOST_AUTO_TEST_CASE(stamped_units_are_as_if_made_so) {
    for (const way& each : ways) {
        BOOST_TEST_CONTEXT(each.name)
        for (const std::size_t size : {1, 15, 16, 18, 95, 96, 97, 98, 99, 130, 300}) {
            const message_layout layout(size);
            bench::message_buffer buffer(layout, each.make(layout), units);
            for (const std::uint64_t first : {0ull, 7ull, 230ull, 99'950ull, 999'999'999'700ull}) {
                const unsigned from = first == 0 ? 0 : 1234;
                buffer.stamp(units, from, first, some_time);
                std::string expected;
                for (std::uint64_t n = first; n < first + units; ++n)
                    expected += each.expected(make_message(layout, {from, n, some_time}));
                BOOST_REQUIRE(buffer.first(units) == expected);
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(only_as_many_as_wanted_are_stamped) {
    const message_layout layout(100);
    bench::message_buffer buffer(layout, datagram_unit(layout), 3);
    buffer.stamp(3, 1, 10, some_time);
    buffer.stamp(1, 2, 20, some_time);
    BOOST_TEST(read_stamp({buffer.at(0), 100}, 100)->number == 20u);
    BOOST_TEST(read_stamp({buffer.at(1), 100}, 100)->number == 11u);
    BOOST_TEST(read_stamp({buffer.at(2), 100}, 100)->number == 12u);
}

BOOST_AUTO_TEST_CASE(a_request_holds_one_message_or_lines) {
    const message_layout layout(20);
    bench::message_buffer single(layout, request_unit(layout, "h:80", "/in", 1), 2);
    single.stamp(2, 3, 8, some_time);
    BOOST_TEST(single.first(2) == "POST /in HTTP/1.1\r\nHost: h:80\r\nContent-Type: text/plain\r\n"
                                  "Content-Length: 20\r\n\r\n003 000000000008xxxx"
                                  "POST /in HTTP/1.1\r\nHost: h:80\r\nContent-Type: text/plain\r\n"
                                  "Content-Length: 20\r\n\r\n003 000000000009xxxx");
    bench::message_buffer lines(layout, request_unit(layout, "h:80", "/in", 2), 2);
    lines.stamp(2, 3, 98, some_time);
    BOOST_TEST(lines.first(2) ==
               "POST /in HTTP/1.1\r\nHost: h:80\r\nContent-Type: application/x-ndjson\r\n"
               "Content-Length: 42\r\n\r\n003 000000000098xxxx\n003 000000000099xxxx\n"
               "POST /in HTTP/1.1\r\nHost: h:80\r\nContent-Type: application/x-ndjson\r\n"
               "Content-Length: 42\r\n\r\n003 000000000100xxxx\n003 000000000101xxxx\n");
}

BOOST_AUTO_TEST_SUITE_END()
