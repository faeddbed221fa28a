#include "gateway/bench/http_answers.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

using statuses = std::vector<unsigned>;

statuses fed(std::string_view stream, std::size_t cut) {
    bench::http_answers answers;
    statuses all;
    BOOST_REQUIRE(answers.feed(stream.substr(0, cut), all));
    BOOST_REQUIRE(answers.feed(stream.substr(cut), all));
    return all;
}

bool understood(std::string_view stream) {
    bench::http_answers answers;
    statuses all;
    return answers.feed(stream, all);
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_answers)

BOOST_AUTO_TEST_CASE(every_answer_counts_once_wherever_the_stream_is_cut) {
    const std::string stream = "HTTP/1.1 204 No Content\r\n\r\n"
                               "HTTP/1.1 204 No Content\r\n\r\n"
                               "HTTP/1.1 200 OK\r\ncontent-length:  5 \r\nServer: x\r\n\r\nhello"
                               "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n"
                               "HTTP/1.1 100 Continue\r\n\r\n"
                               "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\n"
                               "Content-Length: 20\r\n\r\n{\"error\":\"\r\n\r\nfull\"}"
                               "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    const statuses expected{204, 204, 200, 204, 503, 200};
    for (std::size_t cut = 0; cut <= stream.size(); ++cut)
        BOOST_REQUIRE(fed(stream, cut) == expected);

    bench::http_answers answers;
    statuses all;
    for (const char each : stream)
        BOOST_REQUIRE(answers.feed({&each, 1}, all));
    BOOST_TEST((all == expected));
}

BOOST_AUTO_TEST_CASE(an_answer_is_complete_with_its_body) {
    bench::http_answers answers;
    statuses all;
    BOOST_TEST(answers.feed("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh", all));
    BOOST_TEST(all.empty());
    BOOST_TEST(answers.feed("i", all));
    BOOST_TEST((all == statuses{200}));
}

BOOST_AUTO_TEST_CASE(what_can_not_be_counted_is_refused) {
    BOOST_TEST(!understood("220 mail.example.org\r\n\r\n"));
    BOOST_TEST(!understood("HTTP/1.1 20x OK\r\nContent-Length: 0\r\n\r\n"));
    BOOST_TEST(!understood("HTTP/1.1 200 OK\r\n\r\n"));
    BOOST_TEST(!understood("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"));
    BOOST_TEST(!understood("HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\n"));
    BOOST_TEST(!understood("HTTP/1.1 101 Switching Protocols\r\n\r\n"));
    BOOST_TEST(understood("HTTP/1.1 304 Not Modified\r\n\r\n"));
}

BOOST_AUTO_TEST_CASE(a_head_without_end_is_bounded) {
    bench::http_answers answers;
    statuses all;
    bool going_on = true;
    for (int i = 0; i < 100 && going_on; ++i)
        going_on = answers.feed("X-Y: " + std::string(1000, 'z') + "\r\n", all);
    BOOST_TEST(!going_on);
}

BOOST_AUTO_TEST_SUITE_END()
