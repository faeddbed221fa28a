#include "listeners/event_intake.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <utility>
#include <vector>

using namespace weir;

namespace {

using topic_and_data = std::pair<std::string, std::string>;

batch_origin named(const char* topic) {
    batch_origin origin(3);
    origin.topic = std::make_shared<const std::string>(topic);
    return origin;
}

std::vector<topic_and_data> all_of(const std::vector<batch_ptr>& batches) {
    std::vector<topic_and_data> all;
    for (const batch_ptr& each : batches) {
        const batch_topics& topics = topics_of(*each);
        std::size_t index = 0;
        for (const std::string_view data : *each)
            all.emplace_back(topics[index++], data);
    }
    return all;
}

} // namespace

BOOST_AUTO_TEST_SUITE(event_intake)

BOOST_AUTO_TEST_CASE(each_event_keeps_its_topic_in_one_batch) {
    weir::event_intake intake(batch_origin(3), 100);
    BOOST_TEST(intake.empty());
    const std::vector<topic_and_data> sent{{"a", "1"}, {"b", R"({"type":"c"})"}, {"a", "x\ny"}};
    for (const auto& [topic, data] : sent)
        BOOST_TEST(!intake.add(topic, data));
    BOOST_TEST(!intake.empty());
    const auto batches = intake.take();
    BOOST_TEST(batches.size() == 1u);
    BOOST_TEST((all_of(batches) == sent));
    BOOST_TEST(batches.front()->source() == 3);
    BOOST_TEST(intake.empty());
    BOOST_TEST(intake.take().empty());
}

BOOST_AUTO_TEST_CASE(without_a_topic_the_event_s_own_is_it) {
    weir::event_intake intake(batch_origin(3), 100);
    intake.add("", R"({"type":"own"})");
    intake.add("", "none");
    intake.add("told", R"({"type":"own"})");
    intake.add("", R"({"type":"own"})");
    const auto batches = intake.take();
    BOOST_TEST(batches.size() == 3u); // a batch is told its topics, or is not
    BOOST_TEST((all_of(batches) == std::vector<topic_and_data>{{"own", R"({"type":"own"})"},
                                                               {"", "none"},
                                                               {"told", R"({"type":"own"})"},
                                                               {"own", R"({"type":"own"})"}}));
}

BOOST_AUTO_TEST_CASE(the_listener_s_topic_wins) {
    weir::event_intake intake(named("mine"), 100);
    intake.add("told", "1");
    intake.add("", "2");
    const auto batches = intake.take();
    BOOST_TEST(batches.size() == 1u);
    BOOST_TEST((all_of(batches) == std::vector<topic_and_data>{{"mine", "1"}, {"mine", "2"}}));
}

BOOST_AUTO_TEST_CASE(what_is_no_event_is_refused_and_the_rest_stays) {
    weir::event_intake intake(batch_origin(3), 4);
    const std::string longest(weir::event_intake::longest_topic, 't');
    BOOST_TEST(!intake.add(longest, "1234"));
    BOOST_TEST((intake.add("a", "") == refusal::empty));
    BOOST_TEST((intake.add("a", "12345") == refusal::oversize));
    BOOST_TEST((intake.add(longest + "t", "1") == refusal::bad_request));
    BOOST_TEST((all_of(intake.take()) == std::vector<topic_and_data>{{longest, "1234"}}));
}

BOOST_AUTO_TEST_CASE(it_is_full_of_bytes) {
    weir::event_intake intake(batch_origin(3), 1u << 20);
    intake.add("", std::string(weir::event_intake::enough - 2, 'x'));
    BOOST_TEST(!intake.full());
    intake.add("told", ""); // refused
    BOOST_TEST(!intake.full());
    intake.add("told", "1");
    BOOST_TEST(intake.full());
    BOOST_TEST(intake.take().size() == 2u);
    BOOST_TEST(!intake.full());
}

BOOST_AUTO_TEST_CASE(few_different_topics_share_a_batch) {
    weir::event_intake intake(batch_origin(3), 100);
    std::vector<topic_and_data> sent;
    for (int i = 0; i < 200; ++i)
        sent.emplace_back("topic" + std::to_string(i), std::to_string(i));
    for (int i = 0; i < 8; ++i) {
        std::string long_topic(1000, 't');
        long_topic += std::to_string(i);
        sent.emplace_back(long_topic, "x");
    }
    for (const auto& [topic, data] : sent)
        intake.add(topic, data);
    const auto batches = intake.take();
    BOOST_TEST((all_of(batches) == sent));
    for (const batch_ptr& each : batches) {
        std::size_t names = 0;
        const batch_topics& topics = topics_of(*each);
        for (std::size_t i = 0; i < each->size(); ++i)
            names += topics[i].size();
        BOOST_TEST(topics.names() <= 64u);
        BOOST_TEST(names <= 4096u);
    }
}

BOOST_AUTO_TEST_SUITE_END()
