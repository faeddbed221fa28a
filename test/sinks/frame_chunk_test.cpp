#include "test/sinks/chunk_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::test;

BOOST_AUTO_TEST_SUITE(frame_chunk)

BOOST_AUTO_TEST_CASE(text_is_utf8_and_the_rest_binary) {
    std::string bytes(
        chunk_of({"plain", "", "gr\xc3\xbc\xc3\x9f", "\xff\xfe", "two\nlines"})->bytes());
    const auto frames = decode(bytes);
    BOOST_TEST_REQUIRE(frames.size() == 5u);
    BOOST_TEST(frames[0].payload == "plain");
    BOOST_TEST(frames[1].payload == "");
    BOOST_TEST(frames[2].payload == "gr\xc3\xbc\xc3\x9f");
    BOOST_TEST(frames[3].payload == "\xff\xfe");
    BOOST_TEST(frames[4].payload == "two\nlines");
    for (std::size_t i = 0; i < frames.size(); ++i)
        BOOST_TEST((frames[i].op == (i == 3 ? opcode::binary : opcode::text)));
}

BOOST_AUTO_TEST_CASE(every_length_of_header_is_walked) {
    const std::vector<std::size_t> sizes{0, 1, 125, 126, 127, 65'535, 65'536, 70'000, 3};
    std::vector<std::string> messages;
    for (std::size_t size : sizes)
        messages.push_back(std::string(size, 'x'));
    const chunk_ptr chunk = chunk_of(messages, 40);
    std::size_t begin = chunk->frame_at(0).end; // behind the notice
    BOOST_TEST(chunk->frame_at(begin - 1).events_before == 0u);
    for (std::size_t i = 0; i < sizes.size(); ++i) {
        const auto first = chunk->frame_at(begin);
        BOOST_TEST(first.begin == begin);
        BOOST_TEST(first.events_before == 40 + i);
        BOOST_TEST(chunk->frame_at(first.end - 1).begin == begin);
        begin = first.end;
    }
    BOOST_TEST(begin == chunk->bytes().size());
    BOOST_TEST(chunk->events() == 40 + sizes.size());
}

BOOST_AUTO_TEST_SUITE_END()
