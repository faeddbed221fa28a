#include "wire/known_browsers.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <random>
#include <thread>
#include <vector>

using namespace weir;

BOOST_AUTO_TEST_SUITE(known_browsers)

BOOST_AUTO_TEST_CASE(many_threads_ask_for_more_than_fits) {
    weir::known_browsers known(user_agent_parser(parse_user_agent_expressions(
                                   "user_agent_parsers:\n  - regex: '(Browser)/(\\d+)'\n"
                                   "os_parsers:\n  - regex: '(System)'\n")),
                               64);
    std::atomic<int> wrong{0};
    std::vector<std::thread> threads;
    for (unsigned seed = 0; seed < 4; ++seed)
        threads.emplace_back([&known, &wrong, seed] {
            std::mt19937 random(seed);
            for (int round = 0; round < 20'000; ++round) {
                const std::string n = std::to_string(random() % 200);
                if (known.of("Browser/" + n)->version != n)
                    ++wrong;
            }
        });
    for (std::thread& each : threads)
        each.join();
    BOOST_TEST(wrong == 0);
    BOOST_TEST(known.size() <= 64u);
}

BOOST_AUTO_TEST_SUITE_END()
