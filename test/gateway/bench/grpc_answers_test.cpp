#include "gateway/bench/grpc_answers.hpp"
#include "gateway/bench/grpc_frames.hpp"

#include <boost/test/unit_test.hpp>
#include <utility>

using namespace weir::bench;

namespace {

using namespace std::string_literals;
using parser = weir::bench::grpc_answers; // the suite has its name
using statuses = std::vector<std::pair<std::uint32_t, unsigned>>;

constexpr char end_stream = 1;
constexpr char end_headers = 4;

std::string frame(char type, char flags, char stream, const std::string& payload) {
    const auto high = static_cast<char>(payload.size() >> 8);
    const auto low = static_cast<char>(payload.size());
    return "\0"s + high + low + type + flags + "\0\0\0"s + stream + payload;
}

// A literal field without a place in a table, its name and value as they stand.
std::string field(const std::string& name, const std::string& value) {
    return "\0"s + static_cast<char>(name.size()) + name + static_cast<char>(value.size()) + value;
}

std::string trailers(char stream, const std::string& block) {
    return frame(1, end_stream | end_headers, stream, block);
}

unsigned status_of(const std::string& block) {
    unsigned status = 99;
    BOOST_REQUIRE(read_grpc_status(block, status));
    return status;
}

bool understood(const std::string& bytes) {
    parser answers;
    parser::heard heard;
    return answers.feed(bytes, heard);
}

struct everything {
    statuses ended;
    std::uint64_t refused = 0;
    std::uint64_t window = 0;
    std::int64_t initial = -1;
    std::string replies;
    friend bool operator==(const everything&, const everything&) = default;

    void add(const parser::heard& more) {
        for (const auto& each : more.ended)
            ended.emplace_back(each.stream, each.status);
        for (const auto& each : more.refused)
            refused += each.count;
        for (const auto& each : more.windows)
            window += each.more;
        initial = std::max(initial, more.initial_window);
        replies += more.replies;
    }
};

everything fed(const std::vector<std::string_view>& pieces) {
    parser answers;
    everything all;
    for (const std::string_view each : pieces) {
        parser::heard heard;
        BOOST_REQUIRE(answers.feed(each, heard));
        all.add(heard);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(grpc_answers)

BOOST_AUTO_TEST_CASE(everything_is_heard_once_wherever_the_stream_is_cut) {
    const std::string ok = field("grpc-status", "0");
    const std::string eight = "12345678";
    const std::string stream =
        frame(4, 0, 0, "\0\4\0\1\0\0"s + "\0\5\0\0\x40\0"s) + frame(6, 0, 0, eight) +
        frame(4, 1, 0, "") + frame(1, end_headers, 1, "\x88"s) +
        frame(0, 0, 1, "\0\0\0\0\4\x08\x05\x10\x07"s) + trailers(1, ok) +
        frame(8, 0, 0, "\0\0\1\0"s) + trailers(3, field("grpc-status", "14")) +
        frame(3, 0, 5, "\0\0\0\7"s) + frame(7, 0, 0, "12345678"s) + trailers(7, ok) +
        frame(0, end_stream, 9, "");
    const everything expected{{{1, 0}, {3, 14}, {5, 14}, {7, 0}, {9, 2}},
                              7,
                              256,
                              65'536,
                              settings_taken() + ping_answer(eight)};
    for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
        const std::string_view all(stream);
        BOOST_REQUIRE((fed({all.substr(0, cut), all.substr(cut)}) == expected));
    }
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < stream.size(); ++i)
        bytes.push_back(std::string_view(stream).substr(i, 1));
    BOOST_TEST((fed(bytes) == expected));
}

BOOST_AUTO_TEST_CASE(the_status_is_found_in_every_form_that_needs_no_table) {
    const std::string other = field("grpc-message", "no");
    BOOST_TEST(status_of(field("grpc-status", "0")) == 0u);
    BOOST_TEST(status_of(other + field("grpc-status", "16") + other) == 16u);
    BOOST_TEST(status_of("\x88\x3f\xe1\x1f"s + "\x40\x0bgrpc-status\x01" + "8") == 8u);
    const std::string huffman = "\0\x88\x9a\xca\xc8\xb2\x12\x34\xda\x8f"s;
    BOOST_TEST(status_of(huffman + "\x81\x07") == 0u);
    BOOST_TEST(status_of(huffman + "\x81\x67") == 3u);      // 011001, and ones
    BOOST_TEST(status_of(huffman + "\x82\x0b\x5f") == 14u); // 00001 011010, and ones
    BOOST_TEST(status_of(huffman + "\x01" + "5") == 5u);
    BOOST_TEST(status_of(other) == 2u);
    BOOST_TEST(status_of(field("grpc-status", "x")) == 2u);
    BOOST_TEST(status_of("\x0f\x10\x01x"s) == 2u); // content-type, by its number
}

BOOST_AUTO_TEST_CASE(what_is_not_understood_is_refused) {
    unsigned status = 0;
    for (const std::string& block : {"\xbe"s, "\x80"s, "\x7f\x01\x01x"s, "\0"s, "\0\5abc"s,
                                     field("a", "b").substr(0, 4), "\xff\xff\xff\xff\xff\xff"s})
        BOOST_TEST(!read_grpc_status(block, status));
    BOOST_TEST(!understood("HTTP/1.1 400 Bad Request\r\n\r\n"));
    BOOST_TEST(!understood(frame(1, end_stream, 1, ""))); // to be continued
    BOOST_TEST(!understood(frame(5, 0, 1, "\0\0\0\2"s))); // a push
    BOOST_TEST(!understood(trailers(1, "\xbe"s)));
    BOOST_TEST(understood(trailers(1, field("grpc-status", "1"))));
}

BOOST_AUTO_TEST_CASE(what_was_read_is_given_back_to_the_server_s_window) {
    parser answers;
    parser::heard heard;
    const std::string large = frame(0, 0, 1, std::string(16'000, '\0'));
    for (int i = 0; i < 66; ++i)
        BOOST_REQUIRE(answers.feed(large, heard));
    BOOST_TEST(heard.replies == window_update(16'000 * 66));
}

BOOST_AUTO_TEST_CASE(an_event_s_frame_is_as_long_as_it_says_and_ends_in_the_message) {
    for (const std::size_t size : {std::size_t(1), std::size_t(256), most_grpc}) {
        const message_layout layout(size);
        const unit event = grpc_unit(layout, {});
        BOOST_TEST(event.bytes.size() - event.message_at == size);
        const auto byte = [&](std::size_t at) {
            return static_cast<std::size_t>(static_cast<unsigned char>(event.bytes[at]));
        };
        BOOST_TEST((byte(0) << 16 | byte(1) << 8 | byte(2)) == event.bytes.size() - http2_header);
        BOOST_TEST(event.bytes.size() - http2_header <= 16'384u);
        BOOST_TEST((byte(11) << 16 | byte(12) << 8 | byte(13)) + 5 + http2_header ==
                   event.bytes.size());
    }
}

BOOST_AUTO_TEST_SUITE_END()
