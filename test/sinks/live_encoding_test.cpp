#include "sinks/live_encoding.hpp"

#include "test/sinks/chunk_of.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace weir::test;

namespace {

batch_ptr batch_of(const std::vector<std::string>& messages) {
    batch_builder builder(0);
    for (const std::string& message : messages)
        builder.append(message);
    return builder.finish();
}

std::string event(live_format format, std::string_view message) {
    std::string out;
    append_event(out, format, 12, message);
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_encoding)

BOOST_AUTO_TEST_CASE(server_sent_events) {
    const auto sse = [](std::string_view message) { return event(live_format::sse, message); };
    BOOST_TEST(sse("{}") == "id: 12\ndata: {}\n\n");
    BOOST_TEST(sse("") == "id: 12\ndata: \n\n");
    BOOST_TEST(sse("a\nb\n") == "id: 12\ndata: a\ndata: b\ndata: \n\n");
    // A CR ends a line, too: an event can't smuggle a field in.
    BOOST_TEST(sse("a\rid: 9") == "id: 12\ndata: a\ndata: id: 9\n\n");
    BOOST_TEST(sse("a\r\n\r\nretry: 1") == "id: 12\ndata: a\ndata: \ndata: retry: 1\n\n");
    BOOST_TEST(sse("\xff") == "id: 12\ndata: {\"weir\":\"escaped\",\"base64\":\"/w==\"}\n\n");
}

BOOST_AUTO_TEST_CASE(lines_are_as_in_a_file) {
    const auto line = [](std::string_view message) { return event(live_format::lines, message); };
    BOOST_TEST(line("{}") == "{}\n");
    BOOST_TEST(line("a\nb") == "{\"weir\":\"escaped\",\"data\":\"a\\nb\"}\n");
}

// In every form a frame that the walk finds is one that was put in.
BOOST_AUTO_TEST_CASE(every_form_is_walked) {
    for (const auto format : {live_format::websocket, live_format::sse, live_format::lines}) {
        const weir::live_encoding encoding({format, false, {}});
        frame_chunk chunk(format, 100);
        chunk.begin_with_gap(5);
        const auto messages = batch_of({"a", "", "two\n\nlines", "\xff", std::string(70'000, 'x')});
        BOOST_TEST(encoding.add(*messages, chunk) == 5u);
        BOOST_TEST(chunk.events() == 10u);
        BOOST_TEST(chunk.first() == 100u);
        BOOST_TEST(chunk.end() == 110u);
        std::size_t frames = 0;
        for (std::size_t at = 0; at < chunk.bytes().size(); ++frames) {
            const auto frame = chunk.frame_at(at);
            BOOST_TEST(frame.begin == at);
            BOOST_TEST(frame.events_before == (frames == 0 ? 0 : 4 + frames));
            BOOST_TEST(chunk.frame_at(frame.end - 1).begin == at);
            at = frame.end;
        }
        BOOST_TEST(frames == 6u);
    }
}

BOOST_AUTO_TEST_CASE(topics_are_left_out_and_numbered_on) {
    const weir::live_encoding encoding({live_format::sse, false, {"!ab", "a*"}});
    frame_chunk chunk(live_format::sse, 1);
    encoding.add(*batch_of({R"({"type":"a"})", R"({"type":"b"})", R"({"type":"ab"})", "none",
                            R"({"type":"ac"})"}),
                 chunk);
    BOOST_TEST(chunk.bytes() ==
               "id: 1\ndata: {\"type\":\"a\"}\n\nid: 5\ndata: {\"type\":\"ac\"}\n\n");
    BOOST_TEST(chunk.events() == 2u);
    BOOST_TEST(chunk.end() == 6u);
}

BOOST_AUTO_TEST_CASE(envelopes_name_the_listener) {
    const std::vector<std::string> names{"tcp :1"};
    const weir::live_encoding encoding({live_format::lines, true, {}}, &names);
    frame_chunk chunk(live_format::lines, 8);
    encoding.add(*batch_of({R"({"type":"a"})"}), chunk);
    batch_builder elsewhere(3); // which has no name
    elsewhere.append("x");
    encoding.add(*elsewhere.finish(), chunk);
    const std::string text(chunk.bytes());
    BOOST_TEST(text.find(R"({"seq":8,"time":")") == 0u);
    BOOST_TEST(text.find(R"("listener":"tcp :1","topic":"a","data":{"type":"a"}})") != text.npos);
    BOOST_TEST(text.find(R"("listener":"","topic":"","data":"x"})") != text.npos);
}

BOOST_AUTO_TEST_CASE(a_batch_may_be_added_in_steps) {
    std::vector<std::string> messages;
    for (int i = 0; i < 100; ++i)
        messages.push_back(std::to_string(i));
    const auto all = batch_of(messages);
    for (const auto format : {live_format::websocket, live_format::sse, live_format::lines}) {
        const weir::live_encoding encoding({format, false, {}});
        frame_chunk whole(format);
        encoding.add(*all, whole);
        std::string pieces;
        std::size_t steps = 0;
        for (std::size_t at = 0; at < 100; ++steps) {
            frame_chunk piece(format, 1 + at);
            at = encoding.add(*all, piece, at, 50);
            BOOST_TEST(piece.end() == 1 + at);
            pieces += piece.bytes();
        }
        BOOST_TEST(steps > 3u);
        BOOST_TEST(pieces == whole.bytes());
    }
}

BOOST_AUTO_TEST_SUITE_END()
