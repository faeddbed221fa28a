#include "wire/websocket_decoder.hpp"

#include "test/wire/reference.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;
using namespace weir::test;
using namespace std::string_literals;
using strings = std::vector<std::string>;

namespace {

constexpr websocket_limits small{.max_message = 1000, .max_fragments = 8, .max_pings = 3};
constexpr masking_key key{'\x37', '\xfa', '\x21', '\x3d'};

std::string frame(opcode op, std::string_view payload, bool fin = true) {
    std::string out;
    append_masked_frame(out, op, fin, payload, key);
    return out;
}

std::string text(std::string_view payload, bool fin = true) {
    return frame(opcode::text, payload, fin);
}

std::string continuation(std::string_view payload, bool fin) {
    return frame(opcode::continuation, payload, fin);
}

std::string close_frame(std::uint16_t code, std::string_view reason = {}) {
    const std::string body{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    return frame(opcode::close, body + std::string(reason));
}

// The first bytes of a masked frame, its length field given as it stands on the wire.
std::string raw(int first, int second, std::string_view length = {}) {
    std::string out{static_cast<char>(first), static_cast<char>(second)};
    return out.append(length).append("mask");
}

std::string server_close(std::uint16_t code) {
    std::string out;
    append_close(out, code);
    return out;
}

received run(std::string_view stream, websocket_limits limits = small) {
    const received all = feed_every_way(
        stream, [&](std::string_view s, auto pieces) { return feed_websocket(limits, s, pieces); });
    BOOST_TEST(all == websocket_reference(limits).run(stream));
    return all;
}

void expect_fault(std::string_view stream, decode_error error, std::uint16_t code) {
    // What came before it counts, what comes behind it does not.
    const received all = run(text("before") + std::string(stream) + text("behind"));
    BOOST_TEST(all.messages == strings{"before"});
    BOOST_TEST((all.error == error), to_string(all.error));
    BOOST_TEST(all.close == code);
    BOOST_TEST(all.replies.ends_with(server_close(code)));
}

std::string random_frame(std::mt19937& random, bool& open) {
    const auto chance = [&](unsigned one_in) { return random() % one_in == 0; };
    std::string payload(random() % (chance(6) ? 300 : 20), 'a');
    for (auto& c : payload) {
        c = chance(9) ? '\n' : static_cast<char>('a' + random() % 26);
    }
    if (chance(10)) {
        payload += chance(2) ? "\xff" : "\xe2\x82\xac";
    }
    opcode op = open ? opcode::continuation : chance(2) ? opcode::text : opcode::binary;
    bool fin = !chance(3);
    if (chance(5)) {
        op = chance(9) ? opcode::close : chance(2) ? opcode::ping : opcode::pong;
        payload.resize(payload.size() % 126);
        fin = true;
    } else {
        open = !fin;
    }
    masking_key any_key;
    for (auto& c : any_key) {
        c = static_cast<char>(random() & 0xff);
    }
    std::string out;
    append_masked_frame(out, op, fin, payload, any_key);
    if (chance(30)) {
        out[random() % out.size()] = static_cast<char>(random() & 0xff);
    }
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(websocket_decoding)

BOOST_AUTO_TEST_CASE(text_and_binary_become_messages) {
    const received all = run(text("one") + frame(opcode::binary, "\xff\0two"s) + text("grün"));
    BOOST_TEST(all.messages == (strings{"one", "\xff\0two"s, "grün"}));
    BOOST_TEST(all.replies.empty());
}

BOOST_AUTO_TEST_CASE(a_newline_within_a_message_gives_a_table) {
    BOOST_TEST(run(text("one") + text("t\nwo") + text("three")).messages ==
               (strings{"one", "t\nwo", "three"}));
}

BOOST_AUTO_TEST_CASE(every_form_of_length) {
    for (const std::size_t n : {1u, 31u, 32u, 33u, 125u, 126u, 127u, 999u, 1000u}) {
        const std::string message(n, 'x');
        BOOST_TEST(run(text(message) + text(message)).messages == (strings{message, message}));
    }
    const websocket_limits large{.max_message = 70000};
    const std::string message(66000, 'x');
    const std::string stream = text(message) + text("last");
    for (const std::size_t longest : {std::size_t{5000}, std::size_t{100000}}) {
        BOOST_TEST(feed_websocket(large, stream, random_pieces(5, longest)).messages ==
                   (strings{message, "last"}));
    }
}

BOOST_AUTO_TEST_CASE(an_empty_message_is_none) {
    const received all = run(text("") + text("one") + text("", false) + continuation("", true));
    BOOST_TEST(all.messages == strings{"one"});
    BOOST_TEST(all.empty == 2u);
}

BOOST_AUTO_TEST_CASE(fragments_are_put_together) {
    const received all = run(text("one, ", false) + continuation("", false) +
                             continuation("two, ", false) + continuation("three", true) +
                             frame(opcode::binary, "", false) + continuation("four", true));
    BOOST_TEST(all.messages == (strings{"one, two, three", "four"}));
}

BOOST_AUTO_TEST_CASE(control_frames_may_stand_between_fragments) {
    const received all =
        run(text("one, ", false) + frame(opcode::ping, "hi") + continuation("two", false) +
            frame(opcode::pong, "unasked") + frame(opcode::ping, "") + continuation("!", true));
    BOOST_TEST(all.messages == strings{"one, two!"});
    BOOST_TEST(all.replies == "\x8a\x02hi\x8a\x00"s);
}

BOOST_AUTO_TEST_CASE(a_character_may_be_cut_by_fragments) {
    const received all = run(text("\xe2", false) + continuation("\x82\xac", true));
    BOOST_TEST(all.messages == strings{"\xe2\x82\xac"});
}

BOOST_AUTO_TEST_CASE(a_close_is_answered_with_its_code_and_ends_it) {
    for (const std::uint16_t code :
         std::to_array<std::uint16_t>({1000, 1001, 1011, 1013, 3000, 4999})) {
        const received all = run(text("one") + close_frame(code, "grün") + text("two"));
        BOOST_TEST(all.messages == strings{"one"});
        BOOST_TEST(all.close == code);
        BOOST_TEST((all.error == decode_error::none));
        BOOST_TEST(all.replies == server_close(code));
    }
    BOOST_TEST(run(frame(opcode::close, "")).replies == server_close(1000));
}

BOOST_AUTO_TEST_CASE(a_close_within_a_message_drops_it) {
    BOOST_TEST(run(text("one", false) + close_frame(1001)).messages.empty());
}

BOOST_AUTO_TEST_CASE(a_bad_close_is_a_fault) {
    for (const std::uint16_t code :
         std::to_array<std::uint16_t>({0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000})) {
        expect_fault(close_frame(code), decode_error::bad_frame, 1002);
    }
    expect_fault(frame(opcode::close, "x"), decode_error::bad_frame, 1002);
    expect_fault(close_frame(1000, "\xff"), decode_error::bad_utf8, 1007);
}

BOOST_AUTO_TEST_CASE(a_frame_without_mask_is_a_fault_at_once) {
    std::string unmasked;
    append_frame(unmasked, opcode::text, "hello");
    expect_fault(unmasked, decode_error::bad_frame, 1002);
    BOOST_TEST(run("\x81\x00"s).close == 1002);
}

BOOST_AUTO_TEST_CASE(reserved_bits_and_opcodes_are_faults) {
    for (const int reserved : {0x10, 0x20, 0x40}) {
        expect_fault(raw(0x81 | reserved, 0x80), decode_error::bad_frame, 1002);
    }
    for (const int op : {3, 4, 5, 6, 7, 11, 12, 13, 14, 15}) {
        expect_fault(raw(0x80 | op, 0x80), decode_error::bad_frame, 1002);
    }
}

BOOST_AUTO_TEST_CASE(control_frames_are_whole_and_short) {
    expect_fault(frame(opcode::ping, "", false), decode_error::bad_frame, 1002);
    expect_fault(frame(opcode::close, "", false), decode_error::bad_frame, 1002);
    expect_fault(frame(opcode::pong, std::string(126, 'x')), decode_error::bad_frame, 1002);
    BOOST_TEST(run(frame(opcode::ping, std::string(125, 'x'))).replies.size() == 127u);
}

BOOST_AUTO_TEST_CASE(fragments_come_in_order) {
    expect_fault(continuation("x", true), decode_error::bad_frame, 1002);
    expect_fault(text("x", false) + text("y"), decode_error::bad_frame, 1002);
    expect_fault(text("x", false) + frame(opcode::binary, "y"), decode_error::bad_frame, 1002);
}

BOOST_AUTO_TEST_CASE(a_length_has_its_shortest_form) {
    expect_fault(raw(0x82, 0xfe, "\x00\x7d"s), decode_error::bad_frame, 1002);
    expect_fault(raw(0x82, 0xff, "\0\0\0\0\0\0\xff\xff"s), decode_error::bad_frame, 1002);
    expect_fault(raw(0x82, 0xff, "\x80\0\0\0\0\x01\0\0"s), decode_error::bad_frame, 1002);
}

BOOST_AUTO_TEST_CASE(text_is_utf8) {
    expect_fault(text("a\xff"), decode_error::bad_utf8, 1007);
    expect_fault(text("\xe2\x82", false) + continuation("x", true), decode_error::bad_utf8, 1007);
}

BOOST_AUTO_TEST_CASE(a_message_over_the_limit_is_refused_by_its_header) {
    expect_fault(raw(0x82, 0xfe, "\x03\xe9"), decode_error::too_long, 1009);
    expect_fault(raw(0x82, 0xff, "\x7f\xff\xff\xff\xff\xff\xff\xff"), decode_error::too_long, 1009);
    expect_fault(text(std::string(600, 'x'), false) + raw(0x80, 0xfe, "\x01\x91"),
                 decode_error::too_long, 1009);
    const received fits =
        run(text(std::string(600, 'x'), false) + continuation(std::string(400, 'x'), true));
    BOOST_TEST(fits.messages.size() == 1u);
}

BOOST_AUTO_TEST_CASE(too_many_fragments_are_a_fault) {
    std::string stream = text("x", false);
    for (int i = 2; i < 8; ++i) {
        stream += continuation("x", false);
    }
    BOOST_TEST(run(stream + continuation("x", true)).messages == strings{"xxxxxxxx"});
    expect_fault(stream + continuation("x", false) + continuation("x", true),
                 decode_error::too_many, 1008);
}

BOOST_AUTO_TEST_CASE(too_many_pings_without_a_message_are_a_fault) {
    const std::string ping = frame(opcode::ping, "");
    const std::string three = ping + ping + ping;
    BOOST_TEST(run(three + text("one") + three).replies.size() == 12u);
    expect_fault(three + ping, decode_error::too_many, 1008);
    expect_fault(three + text("") + ping, decode_error::too_many, 1008);
}

BOOST_AUTO_TEST_CASE(the_owner_may_forgive_pings) {
    websocket_decoder codec(small);
    message_ends ends;
    std::string replies;
    for (int i = 0; i < 20; ++i) {
        std::string data = frame(opcode::ping, "");
        BOOST_TEST(codec.decode(data.data(), data.size(), ends, replies).close == 0u);
        codec.forgive_pings();
    }
}

BOOST_AUTO_TEST_CASE(it_says_how_much_a_pending_message_needs) {
    websocket_decoder codec(small);
    message_ends ends;
    std::string replies;
    std::string data = text("one") + text(std::string(200, 'x')).substr(0, 58);
    const websocket_decoded d = codec.decode(data.data(), data.size(), ends, replies);
    BOOST_TEST(d.messages == 1u);
    BOOST_TEST(d.arena == 4u);
    BOOST_TEST(d.tail == 4u);
    BOOST_TEST(d.tail_size == 50u + 1u); // the room for the terminator counts
    BOOST_TEST(d.wanted == 200u + 1u);
}

BOOST_AUTO_TEST_CASE(nothing_is_decoded_once_it_is_closed) {
    websocket_decoder codec(small);
    message_ends ends;
    std::string replies;
    std::string data = close_frame(1000);
    BOOST_TEST(codec.decode(data.data(), data.size(), ends, replies).close == 1000u);
    replies.clear();
    data = text("one") + frame(opcode::ping, "");
    const websocket_decoded d = codec.decode(data.data(), data.size(), ends, replies);
    BOOST_TEST(d.messages == 0u);
    BOOST_TEST(d.tail_size == 0u);
    BOOST_TEST(replies.empty());
}

BOOST_AUTO_TEST_CASE(random_streams_as_the_reference_says) {
    std::mt19937 random(20240608);
    std::size_t messages = 0;
    for (int round = 0; round < 300; ++round) {
        bool open = false;
        std::string stream;
        for (auto frames = random() % 16; frames > 0; --frames) {
            stream += random_frame(random, open);
        }
        messages +=
            run(stream, {.max_message = 320, .max_fragments = 4, .max_pings = 2}).messages.size();
    }
    BOOST_TEST(messages > 500u);
}

BOOST_AUTO_TEST_SUITE_END()
