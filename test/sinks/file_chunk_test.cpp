#include "sinks/file_chunk.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

batch_ptr batch_of(std::initializer_list<std::string_view> messages) {
    batch_builder builder(1);
    for (const std::string_view message : messages)
        builder.append(message);
    return builder.finish();
}

std::string rest_of(file_chunk& chunk) {
    std::string text;
    for (const iovec& each : chunk.rest())
        text.append(static_cast<const char*>(each.iov_base), each.iov_len);
    return text;
}

const std::string escaped = R"({"weir":"escaped","data":"a\nb"})";

} // namespace

BOOST_AUTO_TEST_SUITE(file_chunk)

BOOST_AUTO_TEST_CASE(a_plain_batch_is_written_as_its_own_arena) {
    weir::file_chunk chunk(framing::newline, 1000);
    const batch_ptr one = batch_of({"a", "bc"});
    chunk.add(one);
    chunk.add(batch_of({"d"}));
    BOOST_TEST(chunk.rest().size() == 2u);
    BOOST_TEST(chunk.rest()[0].iov_base == one->arena().data());
    BOOST_TEST(rest_of(chunk) == "a\nbc\nd\n");
    BOOST_TEST(chunk.bytes() == 7u);
}

BOOST_AUTO_TEST_CASE(a_message_with_a_newline_stays_one_record_in_its_place) {
    weir::file_chunk chunk(framing::newline, 1000);
    chunk.add(batch_of({"1"}));
    chunk.add(batch_of({"2", "a\nb"}));
    chunk.add(batch_of({"3"}));
    chunk.add(batch_of({"a\nb"}));
    BOOST_TEST(rest_of(chunk) == "1\n2\n" + escaped + "\n3\n" + escaped + "\n");
}

BOOST_AUTO_TEST_CASE(counted_framings_are_one_piece) {
    weir::file_chunk length(framing::length, 1000);
    weir::file_chunk octets(framing::octet_counting, 1000);
    for (weir::file_chunk* chunk : {&length, &octets}) {
        chunk->add(batch_of({"a\nb"}));
        chunk->add(batch_of({"", "c"}));
        BOOST_TEST(chunk->rest().size() == 1u);
    }
    BOOST_TEST(rest_of(length) == std::string("\0\0\0\3a\nb\0\0\0\0\0\0\0\1c", 16));
    BOOST_TEST(rest_of(octets) == "3 a\nb0 1 c");
}

BOOST_AUTO_TEST_CASE(a_partial_write_is_continued_at_the_exact_byte) {
    weir::file_chunk chunk(framing::newline, 1000);
    chunk.add(batch_of({"abc", "d"}));
    chunk.add(batch_of({"a\nb"}));
    chunk.add(batch_of({"efg"}));
    const std::string whole = rest_of(chunk);
    for (std::size_t written = 0; written < whole.size(); ++written) {
        BOOST_TEST(!chunk.done());
        BOOST_TEST(rest_of(chunk) == whole.substr(written));
        chunk.advance(1);
    }
    BOOST_TEST(chunk.done());
    BOOST_TEST(chunk.rest().empty());
}

BOOST_AUTO_TEST_CASE(giving_up_in_the_middle_knows_the_whole_records) {
    for (const framing kind : {framing::newline, framing::length, framing::octet_counting}) {
        weir::file_chunk chunk(kind, 1000);
        chunk.add(batch_of({"abc", "d"}));
        chunk.add(batch_of({"a\nb"}));
        const std::string whole = rest_of(chunk);
        std::string record;
        std::vector<std::size_t> ends;
        for (const char* message : {"abc", "d", "a\nb"}) {
            append_framed(record, kind, message);
            ends.push_back(record.size());
        }
        BOOST_TEST(record == whole);
        for (std::size_t written = 0; written <= whole.size(); ++written) {
            const auto messages =
                static_cast<std::size_t>(std::ranges::upper_bound(ends, written) - ends.begin());
            const auto part = chunk.whole();
            BOOST_TEST(part.messages == messages);
            BOOST_TEST(part.bytes == (messages == 0 ? 0 : ends[messages - 1]));
            chunk.advance(1);
        }
        BOOST_TEST(chunk.all().messages == 3u);
        BOOST_TEST(chunk.all().payload == 7u);
    }
}

BOOST_AUTO_TEST_CASE(what_is_half_written_is_taken_back) {
    weir::file_chunk chunk(framing::newline, 1000);
    chunk.add(batch_of({"abc", "defg"}));
    chunk.advance(6);
    BOOST_TEST(chunk.take_back() == 2u);
    BOOST_TEST(rest_of(chunk) == "defg\n");
    BOOST_TEST(chunk.take_back() == 0u);
}

BOOST_AUTO_TEST_CASE(only_whole_batches_go_into_the_room_that_is_left) {
    weir::file_chunk chunk(framing::newline);
    for (const char* message : {"aaa", "bbb", "c\nc"})
        chunk.add(batch_of({message}));
    const auto size = [&chunk](std::uint64_t room, bool at_least_one) {
        std::size_t sum = 0;
        for (const iovec& each : chunk.rest(room, at_least_one))
            sum += each.iov_len;
        return sum;
    };
    BOOST_TEST(size(9, false) == 8u);
    BOOST_TEST(size(8, false) == 8u);
    BOOST_TEST(size(7, false) == 4u);
    BOOST_TEST(size(3, false) == 0u);
    BOOST_TEST(size(3, true) == 4u);
    chunk.advance(1);
    BOOST_TEST(size(0, false) == 3u); // what is begun is finished
    BOOST_TEST(size(7, false) == 7u);
    BOOST_TEST(size(weir::file_chunk::unlimited, false) == chunk.bytes() - 1);
}

BOOST_AUTO_TEST_CASE(it_is_full_by_bytes_and_by_batches) {
    weir::file_chunk small(framing::newline, 4);
    small.add(batch_of({"a"}));
    BOOST_TEST(!small.full());
    small.add(batch_of({"b"}));
    BOOST_TEST(small.full());
    small.clear();
    BOOST_TEST(small.empty());
    BOOST_TEST(!small.full());
    weir::file_chunk many(framing::newline, weir::file_chunk::most_bytes);
    while (!many.full())
        many.add(batch_of({"x"}));
    BOOST_TEST(many.rest().size() == weir::file_chunk::most_batches);
}

BOOST_AUTO_TEST_SUITE_END()
