#include "wire/websocket_client_decoder.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

// "m=hello;" a message, "<" a ping, ">" a pong, "x1000 why" a close, "!why" a fault.
std::string read(std::string_view stream, std::size_t first, std::size_t others,
                 std::size_t max_message) {
    websocket_client_decoder decoder(max_message);
    std::string said;
    std::size_t piece = first;
    while (!stream.empty()) {
        const std::string owned(stream.substr(0, piece));
        stream.remove_prefix(owned.size());
        piece = others;
        std::string_view bytes = owned;
        for (;;) {
            const websocket_step step = decoder.next(bytes);
            const std::string payload(decoder.payload());
            if (step == websocket_step::more)
                break;
            if (step == websocket_step::fault)
                return said + "!" + std::string(decoder.fault());
            if (step == websocket_step::close)
                return said + "x" + std::to_string(decoder.close_code()) + " " + payload;
            said += (step == websocket_step::message ? "m="
                     : step == websocket_step::ping  ? "<"
                                                     : ">") +
                    payload + ";";
        }
        BOOST_REQUIRE(bytes.empty());
    }
    return said;
}

void check(const std::string& stream, const std::string& expected, std::size_t max_message = 256) {
    BOOST_TEST(read(stream, stream.size(), 1, max_message) == expected);
    BOOST_TEST(read(stream, 1, 1, max_message) == expected);
    for (std::size_t cut = 1; cut < stream.size(); ++cut)
        BOOST_TEST(read(stream, cut, stream.size(), max_message) == expected, "cut at " << cut);
}

std::string frame(opcode op, bool fin, const std::string& payload) {
    std::string out;
    append_frame_header(out, op, fin, payload.size());
    return out + payload;
}

std::string bytes(std::initializer_list<int> each) {
    std::string out;
    for (const int one : each)
        out += static_cast<char>(one);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(websocket_client_decoder)

BOOST_AUTO_TEST_CASE(messages_come_out_whole) {
    check(frame(opcode::text, true, "one") + frame(opcode::binary, true, "two") +
              frame(opcode::text, true, ""),
          "m=one;m=two;m=;");
    const std::string long_one(200, 'x');
    check(frame(opcode::text, true, long_one), "m=" + long_one + ";");
    const std::string longer(70'000, 'y');
    BOOST_TEST(read(frame(opcode::text, true, longer), 3, 1000, 70'000) == "m=" + longer + ";");
}

BOOST_AUTO_TEST_CASE(fragments_are_put_together_around_control_frames) {
    check(frame(opcode::text, false, "a") + frame(opcode::ping, true, "p") +
              frame(opcode::continuation, false, "b") + frame(opcode::pong, true, "") +
              frame(opcode::continuation, true, "c") + frame(opcode::text, true, "d"),
          "<p;>;m=abc;m=d;");
}

BOOST_AUTO_TEST_CASE(a_close_ends_it) {
    check(frame(opcode::close, true, "\x03\xe8over") + frame(opcode::text, true, "no"),
          "x1000 over");
    check(frame(opcode::close, true, ""), "x1005 ");
}

BOOST_AUTO_TEST_CASE(broken_frames_are_faults) {
    check(bytes({0xc1, 0}), "!an extension that was not agreed on");
    check(bytes({0x83, 0}), "!a frame of an unknown kind");
    check(bytes({0x8b, 0}), "!a frame of an unknown kind");
    check(bytes({0x81, 0x80}), "!a masked frame from the server");
    check(bytes({0x09, 0}), "!a control frame that is too long");
    check(bytes({0x89, 126, 0, 126}), "!a control frame that is too long");
    check(bytes({0x81, 126, 0, 125}), "!a length not in its shortest form");
    check(bytes({0x81, 127, 0, 0, 0, 0, 0, 0, 0xff, 0xff}), "!a length not in its shortest form");
    check(frame(opcode::continuation, true, "x"), "!a continuation of nothing");
    check(frame(opcode::text, false, "x") + frame(opcode::text, true, "y"),
          "!a message within a message");
    check(frame(opcode::close, true, "x"), "!a Close with a code that may not be sent");
    check(frame(opcode::close, true, "\x03\xed"), "!a Close with a code that may not be sent");
}

BOOST_AUTO_TEST_CASE(a_message_over_the_limit_is_a_fault_before_it_has_come) {
    check(frame(opcode::text, true, "12345678"), "m=12345678;", 8);
    check(frame(opcode::text, true, "123456789").substr(0, 2), "!a message that is too long", 8);
    check(frame(opcode::text, false, "12345") + frame(opcode::continuation, true, "6789"),
          "!a message that is too long", 8);
    check(bytes({0x81, 127, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff}),
          "!a message that is too long", 8);
}

BOOST_AUTO_TEST_SUITE_END()
