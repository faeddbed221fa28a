#include "listeners/tcp_intake.hpp"
#include "test/counting_new.hpp"

#include <boost/test/unit_test.hpp>
#include <cstring>
#include <string>
#include <vector>

using namespace weir;
using strings = std::vector<std::string>;

namespace {

// Feeds a stream in pieces of any size, as a socket would.
struct fed {
    explicit fed(framing kind = framing::newline, std::size_t max_message = 1 << 20)
        : intake(3, kind, max_message, books) {}

    void feed(std::string_view bytes, std::size_t piece) {
        while (!bytes.empty() && !intake.broken()) {
            const std::span<char> room = intake.room();
            const std::size_t n = std::min({piece, room.size(), bytes.size()});
            std::memcpy(room.data(), bytes.data(), n);
            bytes.remove_prefix(n);
            keep(intake.take(n));
        }
    }
    void keep(const batch_ptr& fresh) {
        if (!fresh)
            return;
        ++batches;
        largest = std::max(largest, fresh->footprint());
        messages.insert(messages.end(), fresh->begin(), fresh->end());
    }

    listener_books books;
    tcp_intake intake;
    strings messages;
    std::size_t batches = 0;
    std::size_t largest = 0;
};

} // namespace

BOOST_AUTO_TEST_SUITE(tcp_intake)

BOOST_AUTO_TEST_CASE(a_mebibyte_byte_by_byte) {
    const std::string message(1 << 20, 'm');
    fed all;
    all.feed(message + "\nnext\n", 1);
    const strings expected{message, "next"};
    BOOST_CHECK(all.messages == expected);
    BOOST_TEST(all.books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(pieces_of_any_size_give_the_same) {
    std::string bytes;
    strings expected;
    for (std::size_t i = 1; i < 300; ++i)
        bytes += expected.emplace_back(i * 7, static_cast<char>('a' + i % 26)) + '\n';
    bytes += expected.emplace_back("the last one");
    for (const std::size_t piece : {1u, 5u, 100u, 4'096u, 5'000u, 1u << 20}) {
        fed all;
        all.feed(bytes, piece);
        all.keep(all.intake.finish());
        BOOST_CHECK(all.messages == expected);
    }
}

BOOST_AUTO_TEST_CASE(large_reads_give_few_batches_and_small_ones_small_batches) {
    std::string bytes;
    for (int i = 0; i < 40'000; ++i)
        bytes += std::string(99, 'x') + '\n';
    fed all;
    all.feed(bytes, bytes.size());
    BOOST_TEST(all.messages.size() == 40'000u);
    BOOST_TEST(all.batches < 24u);

    fed little;
    little.feed("one\ntwo\n", 4);
    BOOST_TEST(little.batches == 2u);
    BOOST_TEST(little.largest < 512u);
}

BOOST_AUTO_TEST_CASE(what_is_too_long_takes_no_memory) {
    fed all(framing::newline, 100);
    const std::int64_t before = test::live_allocations();
    all.feed(std::string(50 << 20, 'x'), 64 << 10);
    BOOST_TEST(test::live_allocations() <= before + 1);
    all.feed("\nfine\n", 100);
    BOOST_TEST(all.messages == strings{"fine"}, boost::test_tools::per_element());
    BOOST_TEST(all.books.refused_messages[refusal::oversize].value() == 1u);
}

BOOST_AUTO_TEST_CASE(only_what_has_begun_is_abandoned) {
    for (const auto& [bytes, refused] : {std::pair("whole\n", 0u), std::pair("whole\nhal", 1u)}) {
        fed all;
        all.feed(bytes, 100);
        all.intake.abandon(refusal::timeout);
        all.intake.abandon(refusal::timeout);
        BOOST_TEST(all.books.refused_messages[refusal::timeout].value() == refused);
        BOOST_TEST(all.books.refused_messages.total() == refused);
    }
}

BOOST_AUTO_TEST_CASE(a_broken_frame_is_counted_once) {
    fed all(framing::octet_counting);
    all.feed("3 onex", 100);
    BOOST_TEST(all.intake.broken());
    all.keep(all.intake.finish());
    all.intake.abandon(refusal::closing);
    BOOST_TEST(all.messages == strings{"one"}, boost::test_tools::per_element());
    BOOST_TEST(all.books.refused_messages.total() == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
