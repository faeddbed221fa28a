#include "sinks/live_history.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

batch_ptr batch_of(std::size_t messages, std::size_t size) {
    batch_builder builder(0);
    for (std::size_t i = 0; i < messages; ++i)
        builder.append(std::string(size, 'x'));
    return builder.finish();
}

std::uint64_t footprint(const weir::live_history& history) {
    std::uint64_t sum = 0;
    for (const auto& each : history.before(history.end(), 1 << 30))
        sum += each.messages->footprint();
    return sum;
}

} // namespace

BOOST_AUTO_TEST_SUITE(live_history)

BOOST_AUTO_TEST_CASE(events_are_numbered_from_one) {
    weir::live_history history(1 << 20);
    BOOST_TEST(history.end() == 1u);
    const std::vector<batch_ptr> two{batch_of(3, 10), batch_of(4, 10)};
    bool called = false;
    history.append(0, two, [&] { called = true; });
    BOOST_TEST(called);
    history.append(10, two, [] {});
    BOOST_TEST(history.end() == 25u);
    std::atomic<bool> listening{false};
    BOOST_TEST(history.listen(listening) == 25u);
    BOOST_TEST(listening.load());
    const auto run = history.read(2, 25, 1 << 20);
    BOOST_TEST(run.missed == 0u);
    BOOST_TEST_REQUIRE(run.entries.size() == 2u); // up to the gap
    BOOST_TEST(run.entries[0].first == 1u);
    BOOST_TEST(run.entries[1].end() == 8u);
    const auto behind = history.read(8, 25, 1);
    BOOST_TEST(behind.missed == 10u);
    BOOST_TEST(!behind.overtaken);
    BOOST_TEST(behind.entries.size() == 1u); // one at least
    BOOST_TEST(history.before(4, 1 << 20).size() == 1u);
    BOOST_TEST(history.before(5, 1 << 20).size() == 2u);
    BOOST_TEST(history.before(25, 1).front().first == 21u);
}

BOOST_AUTO_TEST_CASE(it_keeps_within_its_bound) {
    weir::live_history history(100'000);
    for (int i = 0; i < 1000; ++i) {
        const batch_ptr fresh = batch_of(10, static_cast<std::size_t>(i) % 200);
        history.append(0, {&fresh, 1}, [] {});
        BOOST_TEST_REQUIRE(footprint(history) <= 100'000u);
    }
    BOOST_TEST(footprint(history) > 80'000u);
    BOOST_TEST(history.read(1, history.end(), 1).overtaken);
    const batch_ptr too_large = batch_of(1, 200'000);
    history.append(0, {&too_large, 1}, [] {});
    BOOST_TEST(footprint(history) == 0u);
    BOOST_TEST(history.read(10'001, history.end(), 1).missed == 1u);
}

BOOST_AUTO_TEST_SUITE_END()
