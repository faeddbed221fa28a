#include "sinks/retry_policy.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;
using namespace std::chrono_literals;
using kind = retry_verdict::kind;

namespace {

constexpr retry_policy::time start{};

retry_verdict first(unsigned status) { return retry_policy(1h, start).next({status, {}}, start); }

} // namespace

BOOST_AUTO_TEST_SUITE(retry_policy)

BOOST_AUTO_TEST_CASE(what_an_answer_means) {
    for (const unsigned status : {200u, 201u, 204u, 299u})
        BOOST_TEST((first(status).what == kind::delivered), status);
    for (const unsigned status : {0u, 408u, 429u, 500u, 502u, 503u, 599u})
        BOOST_TEST((first(status).what == kind::again), status);
    for (const unsigned status : {101u, 301u, 302u, 304u, 307u, 400u, 401u, 404u, 413u, 422u})
        BOOST_TEST((first(status).what == kind::rejected), status);
}

BOOST_AUTO_TEST_CASE(waits_double_with_jitter_to_the_longest) {
    weir::retry_policy policy(24h, start, backoff(100ms, 10s, 42));
    duration expected = 100ms;
    for (int i = 0; i < 20; ++i) {
        const retry_verdict verdict = policy.next({}, start);
        BOOST_TEST((verdict.what == kind::again));
        BOOST_TEST((verdict.wait >= expected / 2));
        BOOST_TEST((verdict.wait <= expected));
        expected = std::min<duration>(expected * 2, 10s);
    }
}

BOOST_AUTO_TEST_CASE(two_that_failed_together_come_back_apart) {
    backoff a(10s, 10s, 123'456'789);
    backoff b(10s, 10s, 987'654'321);
    BOOST_TEST((a.next() != b.next()));
}

BOOST_AUTO_TEST_CASE(the_last_try_is_when_retry_for_is_over) {
    weir::retry_policy policy(10s, start, backoff(8s, 8s, 7));
    BOOST_TEST((policy.next({}, start + 9s).wait == 1s));
    BOOST_TEST((policy.next({500, {}}, start + 10s).what == kind::gave_up));
    BOOST_TEST((policy.next({200, {}}, start + 11s).what == kind::delivered));
    BOOST_TEST((policy.next({400, {}}, start + 11s).what == kind::rejected));
    BOOST_TEST((weir::retry_policy(0ms, start).next({}, start).what == kind::gave_up));
}

BOOST_AUTO_TEST_CASE(retry_after_is_kept_to) {
    weir::retry_policy policy(10s, start, backoff(100ms, 100ms, 7));
    BOOST_TEST((policy.next({429, duration(5s)}, start).wait == 5s));
    BOOST_TEST((policy.next({503, duration(0)}, start).wait >= 50ms));
    // Later than retry-for: another try can't be made in time.
    BOOST_TEST((policy.next({503, duration(11s)}, start).what == kind::gave_up));
}

BOOST_AUTO_TEST_CASE(retry_after_is_seconds_or_a_date) {
    const wall_time now = std::chrono::sys_days(std::chrono::November / 20 / 2026) + 18h;
    const auto parse = [now](std::string_view text) {
        const auto time = parse_retry_after(text, now);
        return time ? time->count() : -1;
    };
    BOOST_TEST(parse("0") == 0);
    BOOST_TEST(parse("120") == 120'000);
    BOOST_TEST(parse("99999999999999999999") == duration(24h * 365).count());
    BOOST_TEST(parse("Fri, 20 Nov 2026 18:00:30 GMT") == 30'000);
    BOOST_TEST(parse("Fri, 20 Nov 2026 17:00:00 GMT") == 0); // over already
    for (const char* wrong : {"", "-1", "1.5", "soon", "Fri, 20 Nov 2026 18:00:30", "12 monkeys",
                              "Fri, 31 Nov 2026 18:00:30 GMT", "Fri, 20 Nov 2026 18:00:30 GMT+1"})
        BOOST_TEST(parse(wrong) == -1, wrong);
}

BOOST_AUTO_TEST_SUITE_END()
