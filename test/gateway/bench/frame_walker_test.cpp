#include "gateway/bench/frame_walker.hpp"

#include <boost/test/unit_test.hpp>
#include <ostream>
#include <string>
#include <vector>

using namespace weir;

namespace {

struct told {
    opcode op;
    std::string beginning;
    std::uint64_t length;
    friend bool operator==(const told&, const told&) = default;
};

std::string payload(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i)
        text += static_cast<char>('a' + i % 26);
    return text;
}

// What the walker tells of a stream that comes in pieces that end at `cuts`.
std::vector<told> walk(std::string_view stream, const std::vector<std::size_t>& cuts) {
    bench::frame_walker walker;
    std::vector<told> all;
    std::string tail;
    std::size_t begin = 0;
    for (const std::size_t end : cuts) {
        const std::string bytes = tail + std::string(stream.substr(begin, end - begin));
        begin = end;
        tail = walker.walk(bytes, [&](opcode op, std::string_view shown, std::uint64_t length) {
            all.push_back({op, std::string(shown), length});
        });
        BOOST_REQUIRE(tail.size() <= bench::frame_walker::most_tail);
    }
    BOOST_TEST(tail.empty());
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(frame_walker)

BOOST_AUTO_TEST_CASE(every_frame_is_told_of_once_wherever_the_stream_is_cut) {
    std::string stream;
    std::vector<told> expected;
    const auto add = [&](opcode op, std::size_t size) {
        append_frame(stream, op, payload(size));
        expected.push_back({op, payload(size).substr(0, bench::frame_walker::most_shown), size});
    };
    add(opcode::text, 0);
    add(opcode::text, 5);
    add(opcode::ping, 125);
    add(opcode::binary, 125);
    add(opcode::text, 126);
    add(opcode::text, 300);
    add(opcode::pong, 0);
    add(opcode::text, 70'000);
    add(opcode::close, 2);

    BOOST_TEST((walk(stream, {stream.size()}) == expected));
    std::vector<std::size_t> everywhere;
    for (std::size_t cut = 1; cut <= stream.size(); ++cut)
        everywhere.push_back(cut);
    BOOST_TEST((walk(stream, everywhere) == expected));
    for (std::size_t cut = 1; cut < stream.size(); ++cut)
        BOOST_REQUIRE((walk(stream, {cut, stream.size()}) == expected));
}

BOOST_AUTO_TEST_SUITE_END()
