#include "sinks/frame_cursor.hpp"
#include "test/sinks/chunk_of.hpp"

#include <boost/test/unit_test.hpp>
#include <random>

using namespace weir;
using namespace weir::test;

namespace {

// Writes up to `most` bytes of what is next, through at most `buffers` buffers.
std::size_t write(frame_cursor& cursor, const frame_backlog& backlog, std::string& to,
                  std::size_t most = std::string::npos, std::size_t buffers = 8) {
    std::vector<iovec> parts(buffers);
    parts.resize(cursor.gather(backlog, parts));
    std::size_t written = 0;
    for (const iovec& part : parts) {
        const std::size_t n = std::min(part.iov_len, most - written);
        to.append(static_cast<const char*>(part.iov_base), n);
        written += n;
    }
    cursor.advance(written);
    return written;
}

void write_all(frame_cursor& cursor, const frame_backlog& backlog, std::string& to) {
    while (write(cursor, backlog, to) > 0) {
    }
}

std::string pong() {
    std::string frame;
    append_frame(frame, opcode::pong, "p");
    return frame;
}

} // namespace

BOOST_AUTO_TEST_SUITE(frame_cursor)

BOOST_AUTO_TEST_CASE(a_new_client_starts_at_the_newest) {
    frame_backlog backlog;
    backlog.push(chunk_of({"old"}));
    weir::frame_cursor cursor(backlog.end());
    BOOST_TEST(cursor.done(backlog));
    backlog.push(chunk_of({"new"}));
    BOOST_TEST(!cursor.done(backlog));
    std::string out;
    write_all(cursor, backlog, out);
    const auto frames = decode(out);
    BOOST_TEST_REQUIRE(frames.size() == 1u);
    BOOST_TEST(frames[0].payload == "new");
    BOOST_TEST(cursor.done(backlog));
}

// A pong, a skip, a close: wherever the socket stopped, the frame under way comes first.
BOOST_AUTO_TEST_CASE(what_is_said_stands_between_frames_at_every_split) {
    const std::string longer(5000, 'l'); // its rest is not copied but pinned
    for (std::size_t split = 0;; ++split) {
        frame_backlog backlog;
        weir::frame_cursor cursor(backlog.end());
        backlog.push(chunk_of({"one", "two"}));
        backlog.push(chunk_of({longer, "three"}));
        if (split > backlog.end())
            break;
        std::string out;
        while (out.size() < split)
            write(cursor, backlog, out, split - out.size());
        cursor.say(backlog, pong());
        backlog.trim(cursor.place());
        write_all(cursor, backlog, out);
        BOOST_TEST(cursor.done(backlog));
        std::string events;
        std::size_t pongs = 0;
        for (const received_frame& frame : decode(out)) {
            if (frame.op == opcode::pong)
                ++pongs;
            else
                events += frame.payload + ",";
        }
        BOOST_TEST(pongs == 1u);
        BOOST_TEST(events == "one,two," + longer + ",three,");
    }
}

BOOST_AUTO_TEST_CASE(a_skip_counts_what_it_leaves_out_at_every_split) {
    for (std::size_t split = 0;; ++split) {
        frame_backlog backlog;
        weir::frame_cursor cursor(backlog.end());
        backlog.push(chunk_of({"0", "1", "2"}));
        backlog.push(chunk_of({"13"}, 10)); // stands for 3 to 12
        if (split > backlog.end())
            break;
        std::string out;
        while (out.size() < split)
            write(cursor, backlog, out, split - out.size());
        const std::uint64_t missed = cursor.skip(backlog);
        backlog.trim(backlog.end());
        backlog.push(chunk_of({"14"}));
        write_all(cursor, backlog, out);
        std::uint64_t next = 0;
        std::uint64_t told = 0;
        for (const received_frame& frame : decode(out)) {
            if (frame.is_gap()) {
                next += frame.missed();
                told += frame.missed();
            } else {
                BOOST_TEST(frame.payload == std::to_string(next++));
            }
        }
        BOOST_TEST(next == 15u);
        BOOST_TEST((told == missed || told == missed + 10)); // the queue's own notice went out
    }
}

BOOST_AUTO_TEST_CASE(a_client_that_never_reads_holds_one_notice) {
    frame_backlog backlog;
    weir::frame_cursor cursor(backlog.end());
    std::string out;
    backlog.push(chunk_of({"under way"}));
    write(cursor, backlog, out, 4);
    std::size_t unsaid = 0;
    for (int i = 0; i < 1000; ++i) {
        backlog.push(chunk_of({"never", "seen"}));
        BOOST_TEST(cursor.skip(backlog) == 2u);
        backlog.trim(cursor.place());
        unsaid = std::max(unsaid, cursor.unsaid());
    }
    BOOST_TEST(unsaid < 60u);
    BOOST_TEST(cursor.skip(backlog) == 0u);
    write_all(cursor, backlog, out);
    const auto frames = decode(out);
    BOOST_TEST_REQUIRE(frames.size() == 2u);
    BOOST_TEST(frames[0].payload == "under way");
    BOOST_TEST(frames[1].payload == "{\"weir\":\"gap\",\"missed\":2000}");
}

BOOST_AUTO_TEST_CASE(a_notice_that_has_begun_is_finished_and_another_follows) {
    frame_backlog backlog;
    weir::frame_cursor cursor(backlog.end());
    std::string out;
    backlog.push(chunk_of({"a"}));
    cursor.skip(backlog);
    write(cursor, backlog, out, 3);
    for (int i = 0; i < 2; ++i) {
        backlog.push(chunk_of({"b", "c"}));
        cursor.skip(backlog);
    }
    write_all(cursor, backlog, out);
    const auto frames = decode(out);
    BOOST_TEST_REQUIRE(frames.size() == 2u);
    BOOST_TEST(frames[0].missed() == 1u);
    BOOST_TEST(frames[1].missed() == 4u);
}

BOOST_AUTO_TEST_CASE(nothing_follows_the_last) {
    frame_backlog backlog;
    weir::frame_cursor cursor(backlog.end());
    backlog.push(chunk_of({"a"}));
    std::string out;
    write(cursor, backlog, out, 1);
    std::string close;
    append_close(close, close_code::policy);
    cursor.say_last(backlog, close);
    cursor.say(backlog, pong());
    BOOST_TEST(cursor.skip(backlog) == 0u);
    backlog.push(chunk_of({"b"}));
    BOOST_TEST(!cursor.done(backlog));
    write_all(cursor, backlog, out);
    BOOST_TEST(cursor.done(backlog));
    const auto frames = decode(out);
    BOOST_TEST_REQUIRE(frames.size() == 2u);
    BOOST_TEST(frames[0].payload == "a");
    BOOST_TEST(frames[1].close_code() == 1008u);
}

// Many clients at random against the plainest model there is: every event has a number, and each
// client must come to exactly the number of events there were, by what it got and what it was told.
BOOST_AUTO_TEST_CASE(random_clients_can_account_for_every_event) {
    struct reader {
        weir::frame_cursor cursor;
        std::uint64_t next; // event
        std::uint64_t skipped = 0;
        std::uint64_t pongs = 0;
        std::string out;
        bool ended = false;
    };
    constexpr std::uint64_t limit = 3000;
    std::mt19937 random(4711);
    const auto up_to = [&random](std::size_t n) {
        return std::uniform_int_distribution<std::size_t>(0, n)(random);
    };
    for (int round = 0; round < 200; ++round) {
        frame_backlog backlog;
        std::vector<reader> readers;
        std::uint64_t events = 0;
        for (int step = 0; step < 200; ++step) {
            if (up_to(9) == 0)
                readers.push_back({weir::frame_cursor(backlog.end()), events, 0, 0, {}});
            const std::uint64_t gap = up_to(19) == 0 ? 1 + up_to(5) : 0;
            events += gap;
            std::vector<std::string> messages(1 + up_to(4));
            for (std::string& message : messages) {
                message = std::to_string(events++) + ":";
                message.resize(message.size() + (up_to(9) == 0 ? up_to(6000) : up_to(200)), 'x');
            }
            backlog.push(chunk_of(messages, gap));
            std::uint64_t oldest = backlog.end();
            for (reader& each : readers) {
                if (up_to(1) == 0)
                    write(each.cursor, backlog, each.out, up_to(2000), 3 + up_to(4));
                if (up_to(29) == 0 && !each.ended) {
                    each.cursor.say(backlog, pong());
                    ++each.pongs;
                }
                if (up_to(299) == 0 && !each.ended) {
                    std::string close;
                    append_close(close, close_code::normal);
                    each.cursor.say_last(backlog, close);
                    each.ended = true;
                }
                if (each.ended)
                    continue;
                if (backlog.end() - each.cursor.place() > limit)
                    each.skipped += each.cursor.skip(backlog);
                oldest = std::min(oldest, each.cursor.place());
            }
            backlog.trim(oldest);
            BOOST_TEST_REQUIRE(backlog.end() - backlog.begin() <= limit + 40'000); // a chunk more
        }
        for (reader& each : readers) {
            write_all(each.cursor, backlog, each.out);
            BOOST_TEST_REQUIRE(each.cursor.done(backlog));
            std::uint64_t pongs = 0;
            std::uint64_t told = 0;
            bool closed = false;
            for (const received_frame& frame : decode(each.out)) {
                BOOST_TEST_REQUIRE(!closed);
                if (frame.op == opcode::close) {
                    closed = true;
                } else if (frame.op == opcode::pong) {
                    ++pongs;
                } else if (frame.is_gap()) {
                    each.next += frame.missed();
                    told += frame.missed();
                } else {
                    BOOST_TEST_REQUIRE(std::stoull(frame.payload) == each.next);
                    ++each.next;
                }
            }
            BOOST_TEST_REQUIRE(closed == each.ended);
            BOOST_TEST_REQUIRE(pongs == each.pongs);
            BOOST_TEST_REQUIRE(told >= each.skipped); // the queue's own notices beside
            if (!each.ended)
                BOOST_TEST_REQUIRE(each.next == events);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
