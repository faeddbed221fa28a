#include "wire/framing.hpp"

#include "base/options.hpp"
#include "test/wire/reference.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;
using namespace weir::test;
using namespace std::string_literals;
using strings = std::vector<std::string>;

namespace {

constexpr framing all_framings[] = {framing::newline, framing::nul, framing::length,
                                    framing::octet_counting};

// Cut in every way, and compared with the reference.
received run(framing kind, std::string_view stream, std::size_t max = 100) {
    const received all = feed_every_way(
        stream, [&](std::string_view s, auto pieces) { return feed_framer(kind, max, s, pieces); });
    BOOST_TEST(all == framing_reference(kind, max, stream));
    return all;
}

std::string length_record(std::string_view message) {
    std::string out;
    append_framed(out, framing::length, message);
    return out;
}

std::string random_record(framing kind, std::mt19937& random) {
    constexpr std::string_view alphabet("ab\r\n\0 1", 7);
    std::string message;
    const auto length = random() % (random() % 8 == 0 ? 40 : 9);
    for (unsigned i = 0; i < length; ++i) {
        message.push_back(alphabet[random() % alphabet.size()]);
    }
    if (kind == framing::newline || kind == framing::nul) {
        return message; // the alphabet holds the delimiters
    }
    std::string record;
    append_framed(record, kind, message);
    if (random() % 40 == 0) {
        record[random() % record.size()] = alphabet[random() % alphabet.size()];
    }
    return record;
}

} // namespace

BOOST_AUTO_TEST_SUITE(framings)

BOOST_AUTO_TEST_CASE(newline_ends_a_message) {
    BOOST_TEST(run(framing::newline, "one\ntwo\n").messages == (strings{"one", "two"}));
}

BOOST_AUTO_TEST_CASE(cr_goes_only_directly_before_lf) {
    BOOST_TEST(run(framing::newline, "one\r\nt\rwo\r\r\n").messages == (strings{"one", "t\rwo\r"}));
}

BOOST_AUTO_TEST_CASE(an_empty_line_is_no_message) {
    const received all = run(framing::newline, "\n\r\none\n\n\r\n\ntwo\n\n");
    BOOST_TEST(all.messages == (strings{"one", "two"}));
    BOOST_TEST(all.refused == 0u);
}

BOOST_AUTO_TEST_CASE(a_last_line_without_its_delimiter_counts) {
    BOOST_TEST(run(framing::newline, "one\ntwo").messages == (strings{"one", "two"}));
    BOOST_TEST(run(framing::newline, "one\r").messages == (strings{"one\r"}));
    BOOST_TEST(run(framing::nul, "one\0two"s).messages == (strings{"one", "two"}));
    BOOST_TEST(run(framing::nul, "t\nwo").messages == (strings{"t\nwo"}));
}

BOOST_AUTO_TEST_CASE(nul_ends_a_message_that_may_hold_newlines) {
    const received all = run(framing::nul, "one\0\0tw\no\r\n\0three\0"s);
    BOOST_TEST(all.messages == (strings{"one", "tw\no\r\n", "three"}));
}

BOOST_AUTO_TEST_CASE(too_long_with_a_delimiter_is_skipped_and_counted_once) {
    const std::string longer(11, 'x');
    for (const auto& [kind, end] : {std::pair(framing::newline, "\n"s), {framing::nul, "\0"s}}) {
        const received all =
            run(kind, "a" + end + longer + end + "b" + end + longer + longer + end + "c", 10);
        BOOST_TEST(all.messages == (strings{"a", "b", "c"}));
        BOOST_TEST(all.refused == 2u);
        BOOST_TEST(run(kind, longer, 10).refused == 1u);
        BOOST_TEST(run(kind, std::string(10, 'x') + end, 10).messages.size() == 1u);
    }
}

BOOST_AUTO_TEST_CASE(the_cr_of_a_terminator_does_not_make_it_too_long) {
    const received fits = run(framing::newline, "0123456789\r\n", 10);
    BOOST_TEST(fits.messages == (strings{"0123456789"}));
    const received not_a_terminator = run(framing::newline, "0123456789\rx\nb\n", 10);
    BOOST_TEST(not_a_terminator.messages == (strings{"b"}));
    BOOST_TEST(not_a_terminator.refused == 1u);
    BOOST_TEST(run(framing::newline, "0123456789\r", 10).refused == 1u);
}

BOOST_AUTO_TEST_CASE(a_length_prefix_carries_any_bytes) {
    const std::string stream = length_record("one") + length_record("") +
                               length_record("t\nw\0o"s) + length_record("three");
    BOOST_TEST(run(framing::length, stream).messages == (strings{"one", "t\nw\0o"s, "three"}));
}

BOOST_AUTO_TEST_CASE(a_length_over_the_limit_is_fatal_at_once) {
    const received all = run(framing::length, length_record("one") + "\x00\x00\x00\x0b"s, 10);
    BOOST_TEST(all.messages == strings{"one"});
    BOOST_TEST((all.error == decode_error::too_long));
    BOOST_TEST((run(framing::length, "\xff\xff\xff\xffrest").error == decode_error::too_long));
    BOOST_TEST((run(framing::octet_counting, "11 ", 10).error == decode_error::too_long));
    BOOST_TEST((run(framing::octet_counting, "9999999999 x").error == decode_error::too_long));
}

BOOST_AUTO_TEST_CASE(octet_counting_carries_any_bytes) {
    const received all = run(framing::octet_counting, "3 one5 t\nw\0o1 x12 twelve bytes"s);
    BOOST_TEST(all.messages == (strings{"one", "t\nw\0o"s, "x", "twelve bytes"}));
    BOOST_TEST((all.error == decode_error::none));
}

BOOST_AUTO_TEST_CASE(a_malformed_octet_count_is_fatal) {
    for (const char* bad :
         {"x", " one", "03 one", "0 ", "3one", "3\tone", "-1 x", "12345678901 x"}) {
        const received all = run(framing::octet_counting, "2 ok"s + bad);
        BOOST_TEST(all.messages == strings{"ok"});
        BOOST_TEST((all.error == decode_error::bad_frame), bad);
    }
}

BOOST_AUTO_TEST_CASE(the_end_within_a_counted_frame_is_a_fault) {
    BOOST_TEST(
        (run(framing::length, length_record("one").substr(0, 6)).error == decode_error::bad_frame));
    BOOST_TEST((run(framing::length, "\0\0"s).error == decode_error::bad_frame));
    BOOST_TEST((run(framing::octet_counting, "3 on").error == decode_error::bad_frame));
    BOOST_TEST((run(framing::octet_counting, "3").error == decode_error::bad_frame));
    BOOST_TEST((run(framing::octet_counting, "3 one").error == decode_error::none));
}

BOOST_AUTO_TEST_CASE(it_says_how_much_a_pending_message_needs) {
    message_ends ends;
    std::string data = "\0\0\0\x05wo"s;
    framer by_length(framing::length, 100);
    BOOST_TEST(by_length.decode(data.data(), 2, ends).wanted == 4u);
    BOOST_TEST(by_length.decode(data.data(), 6, ends).wanted == 9u);
    data = "12 twelve";
    framer by_count(framing::octet_counting, 100);
    BOOST_TEST(by_count.decode(data.data(), data.size(), ends).wanted == 15u);
}

BOOST_AUTO_TEST_CASE(plain_lines_stay_where_they_are) {
    message_ends ends{1, 2, 3};
    std::string data = "one\ntwo\nthr";
    framer lines(framing::newline, 100);
    const decoded d = lines.decode(data.data(), data.size(), ends);
    BOOST_TEST(data == "one\ntwo\nthr");
    BOOST_TEST(d.arena == 8u);
    BOOST_TEST(d.messages == 2u);
    BOOST_TEST(d.tail == 8u);
    BOOST_TEST(d.tail_size == 3u);
    BOOST_TEST(ends.empty());
}

// Long enough for whole vectors, with every so often something that is not plain.
BOOST_AUTO_TEST_CASE(long_streams_of_lines_as_the_reference_says) {
    std::mt19937 random(20261124);
    for (int round = 0; round < 200; ++round) {
        std::string stream;
        const auto odd = round % 2 == 0 ? 0 : 1 + random() % 60; // one line in so many
        for (auto lines = random() % 80; lines > 0; --lines) {
            stream.append(1 + random() % (random() % 4 == 0 ? 400 : 20), 'x');
            if (odd > 0 && random() % odd == 0)
                stream.append(random() % 2 == 0 ? "\n" : "\r");
            stream.push_back('\n');
        }
        const auto piece = static_cast<std::uint32_t>(random());
        BOOST_TEST(feed_framer(framing::newline, 1 << 20, stream, random_pieces(piece, 2000)) ==
                   framing_reference(framing::newline, 1 << 20, stream));
    }
}

BOOST_AUTO_TEST_CASE(the_tail_is_not_scanned_twice) {
    message_ends ends;
    std::string data = "abc";
    framer lines(framing::newline, 100);
    BOOST_TEST(lines.decode(data.data(), data.size(), ends).tail_size == 3u);
    data = "a\nc\n"; // no caller may do so; but it shows where the search goes on
    BOOST_TEST(lines.decode(data.data(), data.size(), ends).messages == 1u);
}

BOOST_AUTO_TEST_CASE(what_is_skipped_is_not_kept) {
    framer lines(framing::newline, 10);
    message_ends ends;
    std::size_t refused = 0;
    for (int i = 0; i < 100; ++i) {
        std::string data(1000, 'x');
        const decoded d = lines.decode(data.data(), data.size(), ends);
        BOOST_TEST(d.tail_size == 0u);
        refused += d.refused;
    }
    BOOST_TEST(refused == 1u);
}

BOOST_AUTO_TEST_CASE(random_streams_as_the_reference_says) {
    std::mt19937 random(20240607);
    for (const framing kind : all_framings) {
        for (int round = 0; round < 150; ++round) {
            std::string stream;
            for (auto records = random() % 12; records > 0; --records) {
                stream += random_record(kind, random);
            }
            run(kind, stream, 1 + random() % 20);
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_written_is_read_back) {
    const strings messages{"one", "{\"a\":1}", std::string(300, 'x'), "two \r words"};
    for (const framing kind : {framing::newline, framing::length, framing::octet_counting}) {
        std::string stream;
        for (const auto& message : messages) {
            append_framed(stream, kind, message);
        }
        BOOST_TEST(run(kind, stream, 300).messages == messages);
    }
}

BOOST_AUTO_TEST_CASE(a_message_with_a_newline_is_written_as_one_line) {
    std::string out;
    append_framed(out, framing::newline, "one\ntwo");
    BOOST_TEST(out == "{\"weir\":\"escaped\",\"data\":\"one\\ntwo\"}\n");
    out.clear();
    append_framed(out, framing::octet_counting, "one\ntwo");
    BOOST_TEST(out == "7 one\ntwo");
}

BOOST_AUTO_TEST_CASE(no_record_is_written_with_nul) {
    std::string out;
    BOOST_CHECK_THROW(append_framed(out, framing::nul, "x"), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(options_know_it_by_name) {
    for (const framing kind : all_framings) {
        framing read{};
        from_text(to_text(kind), read);
        BOOST_TEST((read == kind));
    }
    BOOST_TEST(to_text(framing::octet_counting) == "octet-counting");
}

BOOST_AUTO_TEST_SUITE_END()
