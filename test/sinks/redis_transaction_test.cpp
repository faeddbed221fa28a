#include "sinks/redis_transaction.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using verdict = redis_transaction::verdict;

namespace {

std::vector<resp_value> replies(std::string_view bytes) {
    resp_reader reader;
    reader.feed(bytes);
    std::vector<resp_value> out;
    resp_value value;
    while (reader.next(value) == resp_reader::step::value)
        out.push_back(value);
    return out;
}

// The words of each command.
std::vector<std::string> commands(std::string_view bytes) {
    std::vector<std::string> out;
    for (const resp_value& each : replies(bytes)) {
        out.emplace_back();
        for (const resp_value& word : each.items)
            out.back() += (out.back().empty() ? "" : " ") + word.text;
    }
    return out;
}

const redis_marker marker("mark");

} // namespace

BOOST_AUTO_TEST_SUITE(redis_transaction)

BOOST_AUTO_TEST_CASE(counters_and_marker_are_one_transaction) {
    counters sums{{"k", {{"1", 7}, {"2", 1}}}, {"l", {{"x", 3}}}};
    const auto made = marker.transaction(sums, 10, 5, std::chrono::seconds(60));
    const std::vector<std::string> expected{
        "MULTI",       "HINCRBY k 1 7",        "HINCRBY k 2 1", "EXPIRE k 60", "HINCRBY l x 3",
        "EXPIRE l 60", "SET mark 5 EX 604800", "EXEC",          "WATCH mark"};
    BOOST_TEST(commands(made.commands) == expected, boost::test_tools::per_element());
    BOOST_TEST(made.replies == expected.size());
    BOOST_TEST(sums.empty());
}

BOOST_AUTO_TEST_CASE(many_counters_are_several) {
    counters sums{{"k", {{"1", 1}, {"2", 2}, {"3", 3}}}, {"l", {{"x", 4}}}};
    const auto first = marker.transaction(sums, 2, 1, {});
    BOOST_TEST(commands(first.commands).size() == 6u);
    BOOST_TEST(sums.size() == 2u);
    const auto second = marker.transaction(sums, 2, 2, {});
    BOOST_TEST(commands(second.commands)[1] == "HINCRBY k 3 3");
    BOOST_TEST(commands(second.commands)[2] == "HINCRBY l x 4");
    BOOST_TEST(sums.empty());
}

BOOST_AUTO_TEST_CASE(only_what_exec_has_said_is_applied) {
    counters sums{{"k", {{"1", 7}}}};
    const auto made = marker.transaction(sums, 10, 1, {});
    const std::string queued = "+OK\r\n+QUEUED\r\n+QUEUED\r\n";
    BOOST_TEST((made.judge(replies(queued + "*2\r\n:7\r\n+OK\r\n+OK\r\n")) == verdict::applied));
    BOOST_TEST((made.judge(replies(queued + "*2\r\n:7\r\n+OK\r\n")) == verdict::applied));
    BOOST_TEST((made.judge(replies(queued + "*-1\r\n+OK\r\n")) == verdict::aborted));
    BOOST_TEST((made.judge(replies(queued + "*1\r\n:7\r\n+OK\r\n")) == verdict::refused));
    BOOST_TEST((made.judge(replies(queued)) == verdict::refused));
    BOOST_TEST((made.judge({}) == verdict::refused));
    const auto refused = replies("+OK\r\n-OOM full\r\n+QUEUED\r\n-EXECABORT discarded\r\n+OK\r\n");
    BOOST_TEST((made.judge(refused) == verdict::refused));
    BOOST_TEST(made.first_error(refused) == "OOM full");
}

BOOST_AUTO_TEST_CASE(what_single_counters_refuse_is_summed) {
    counters sums{{"k", {{"1", 7}, {"2", 5}}}};
    const auto made = marker.transaction(sums, 10, 1, std::chrono::seconds(1));
    const auto got = replies("+OK\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n+QUEUED\r\n"
                             "*4\r\n-WRONGTYPE no hash\r\n:5\r\n:1\r\n+OK\r\n+OK\r\n");
    BOOST_TEST((made.judge(got) == verdict::applied));
    BOOST_TEST(made.refused_counts(got) == 7u);
    BOOST_TEST(made.first_error(got) == "WRONGTYPE no hash");
}

BOOST_AUTO_TEST_CASE(the_marker_is_looked_at_under_watch) {
    const std::vector<std::string> expected{"MULTI", "EXEC", "WATCH mark", "GET mark"};
    BOOST_TEST(commands(marker.look()) == expected, boost::test_tools::per_element());
    BOOST_TEST(redis_marker::last_applied(replies("+OK\r\n*0\r\n+OK\r\n$-1\r\n")).value() == 0u);
    BOOST_TEST(redis_marker::last_applied(replies("+OK\r\n*0\r\n+OK\r\n$2\r\n17\r\n")).value() ==
               17u);
    for (const char* bad : {"", "+OK\r\n*0\r\n+OK\r\n", "-NOPERM\r\n-ERR\r\n+OK\r\n$-1\r\n",
                            "+OK\r\n*0\r\n-NOPERM\r\n$-1\r\n", "+OK\r\n*0\r\n+OK\r\n$1\r\nx\r\n",
                            "+OK\r\n*0\r\n+OK\r\n-LOADING\r\n"})
        BOOST_TEST(!redis_marker::last_applied(replies(bad)), bad);
    BOOST_TEST(commands(marker.forget())[0] == "DEL mark");
}

BOOST_AUTO_TEST_SUITE_END()
