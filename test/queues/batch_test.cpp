#include "queues/batch.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

using namespace weir;
using namespace std::string_view_literals;

namespace {

std::vector<std::string> messages(const batch& b) { return {b.begin(), b.end()}; }

} // namespace

BOOST_AUTO_TEST_SUITE(batch)

BOOST_AUTO_TEST_CASE(an_empty_builder_gives_no_batch) {
    batch_builder builder(1);
    BOOST_TEST(!builder.finish());
}

BOOST_AUTO_TEST_CASE(plain_messages_need_no_table) {
    batch_builder builder(7);
    builder.append("one");
    builder.append("");
    builder.append("three");
    const batch_ptr b = builder.finish();
    BOOST_TEST(b->plain());
    BOOST_TEST(b->arena() == "one\n\nthree\n"sv);
    BOOST_TEST(b->size() == 3u);
    BOOST_TEST(b->payload() == 8u);
    BOOST_TEST(b->source() == 7);
    BOOST_TEST(messages(*b) == (std::vector<std::string>{"one", "", "three"}),
               boost::test_tools::per_element());
    BOOST_TEST(builder.empty());
}

BOOST_AUTO_TEST_CASE(a_newline_in_a_message_does_not_split_it) {
    batch_builder builder(1);
    builder.append("before");
    builder.append("a\nb\n");
    builder.append("after");
    const batch_ptr b = builder.finish();
    BOOST_TEST(!b->plain());
    BOOST_TEST(messages(*b) == (std::vector<std::string>{"before", "a\nb\n", "after"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(bytes_read_in_place_are_messages_once_committed) {
    batch_builder builder(1);
    builder.append("copied");
    std::memcpy(builder.prepare(64), "in\nplace\nhal", 12);
    builder.commit(9, 2);
    std::memcpy(builder.prepare(4), "x\ny\n", 4);
    const std::uint32_t end = 3;
    builder.commit(4, 1, {&end, 1});
    std::memcpy(builder.prepare(4), "p\nq\n", 4);
    builder.commit(4, 2);
    BOOST_TEST(messages(*builder.finish()) ==
                   (std::vector<std::string>{"copied", "in", "place", "x\ny", "p", "q"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(growing_keeps_what_was_read_and_not_yet_committed) {
    batch_builder builder(1, 256);
    builder.append("first");
    std::memcpy(builder.prepare(10), "half a mess", 11);
    char* moved = builder.prepare(100'000);
    BOOST_TEST(std::string_view(moved, 11) == "half a mess"sv);
}

BOOST_AUTO_TEST_CASE(a_small_batch_does_not_keep_a_large_arena) {
    batch_builder builder(1);
    std::memcpy(builder.prepare(1 << 20), "tiny\n", 5);
    builder.commit(5, 1);
    BOOST_TEST(builder.finish()->footprint() < 1024u);
}

BOOST_AUTO_TEST_CASE(the_last_holder_frees_it) {
    batch_builder builder(1);
    builder.append("x");
    batch_ptr a = builder.finish();
    batch_ptr b = a;
    a = nullptr;
    BOOST_TEST(b->arena() == "x\n"sv); // the address sanitizer sees the rest
}

BOOST_AUTO_TEST_SUITE_END()
