#include "wire/websocket_frame.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::string_literals;

namespace {

std::string header(opcode op, bool fin, std::uint64_t length) {
    std::string out;
    append_frame_header(out, op, fin, length);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(websocket_frame)

BOOST_AUTO_TEST_CASE(lengths_take_their_shortest_form) {
    BOOST_TEST(header(opcode::text, true, 0) == "\x81\x00"s);
    BOOST_TEST(header(opcode::text, false, 125) == "\x01\x7d"s);
    BOOST_TEST(header(opcode::binary, true, 126) == "\x82\x7e\x00\x7e"s);
    BOOST_TEST(header(opcode::binary, true, 0xffff) == "\x82\x7e\xff\xff"s);
    BOOST_TEST(header(opcode::continuation, true, 0x10000) == "\x80\x7f\0\0\0\0\0\x01\0\0"s);
}

BOOST_AUTO_TEST_CASE(a_frame_is_its_header_and_the_payload) {
    std::string out = "before ";
    append_frame(out, opcode::text, "Hello");
    BOOST_TEST(out == "before \x81\x05Hello"); // RFC 6455, section 5.7
}

BOOST_AUTO_TEST_CASE(a_client_masks) {
    std::string out;
    append_masked_frame(out, opcode::text, true, "Hello", {'\x37', '\xfa', '\x21', '\x3d'});
    BOOST_TEST(out == "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58"); // section 5.7 likewise
}

BOOST_AUTO_TEST_CASE(a_close_carries_a_code_and_a_reason) {
    std::string out;
    append_close(out, close_code::going_away, "bye");
    BOOST_TEST(out == "\x88\x05\x03\xe9"
                      "bye");
}

BOOST_AUTO_TEST_CASE(a_close_reason_is_cut_between_characters) {
    std::string out;
    append_close(out, close_code::policy, std::string(122, 'x') + "\xe2\x82\xac");
    BOOST_TEST(out.size() == 2u + 2u + 122u);
    BOOST_TEST(static_cast<unsigned>(out[1]) == 124u);
    out.clear();
    append_close(out, close_code::policy, std::string(124, 'x'));
    BOOST_TEST(out.size() == 2u + max_control_payload);
}

BOOST_AUTO_TEST_CASE(which_close_codes_may_be_sent) {
    for (const int good : {1000, 1001, 1002, 1003, 1007, 1008, 1011, 1012, 1014, 3000, 4999}) {
        BOOST_TEST(is_valid_close_code(static_cast<std::uint16_t>(good)), good);
    }
    for (const int bad : {0, 999, 1004, 1005, 1006, 1015, 1100, 2000, 2999, 5000, 65535}) {
        BOOST_TEST(!is_valid_close_code(static_cast<std::uint16_t>(bad)), bad);
    }
}

BOOST_AUTO_TEST_CASE(the_accept_key_of_the_rfc) {
    BOOST_TEST(websocket_accept_key("dGhlIHNhbXBsZSBub25jZQ==") == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
}

BOOST_AUTO_TEST_SUITE_END()
