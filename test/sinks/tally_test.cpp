#include "sinks/tally.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

constexpr std::int64_t hour = 377'697; // 2013-02-01T09

counters sums_of(const tally_view& event, const count_naming& naming = {}) {
    tallies all;
    BOOST_TEST(all.add(event, 10, 1));
    counters sums;
    const event_total taken = all.take(sums, naming, 1);
    BOOST_TEST(taken.messages == 1u);
    BOOST_TEST(taken.bytes == 10u);
    BOOST_TEST(all.empty());
    return sums;
}

using fields = std::map<std::string, std::uint64_t>;

} // namespace

BOOST_AUTO_TEST_SUITE(tally)

BOOST_AUTO_TEST_CASE(an_event_counts_by_year_month_and_day_of_its_account_and_of_all) {
    const counters expected{
        {"track:acme:pageview:2013", {{"2", 1}}},     {"track:acme:pageview:2013:2", {{"1", 1}}},
        {"track:acme:pageview:2013:2:1", {{"9", 1}}}, {"track:all:pageview:2013", {{"2", 1}}},
        {"track:all:pageview:2013:2", {{"1", 1}}},    {"track:all:pageview:2013:2:1", {{"9", 1}}}};
    BOOST_TEST((sums_of({"acme", "pageview", "", hour, false}) == expected));
}

BOOST_AUTO_TEST_CASE(a_unique_one_counts_as_such_too_and_only_once) {
    const counters sums = sums_of({"acme", "pageview", "", hour, true});
    BOOST_TEST(sums.size() == 12u);
    BOOST_TEST((sums.at("track:acme:unique:2013:2:1") == fields{{"9", 1}}));
    BOOST_TEST((sums.at("track:all:unique:2013") == fields{{"2", 1}}));
    const counters named_so = sums_of({"acme", "unique", "", hour, true});
    BOOST_TEST(named_so.size() == 6u);
    BOOST_TEST((named_so.at("track:all:unique:2013") == fields{{"2", 1}}));
}

BOOST_AUTO_TEST_CASE(orders_have_a_funnel) {
    const counters sums = sums_of({"acme", "order", "paid", hour, false});
    BOOST_TEST(sums.size() == 10u);
    for (const char* key : {"funnels:acme:order:2013", "funnels:acme:order:2013:2",
                            "funnels:all:order:2013", "funnels:all:order:2013:2"})
        BOOST_TEST((sums.at(key) == fields{{"paid", 1}}), key);
}

BOOST_AUTO_TEST_CASE(an_event_counts_only_where_it_has_a_name) {
    BOOST_TEST((tally_view{"acme", "", "", hour, false}).counts() == false);
    BOOST_TEST(sums_of({"", "pageview", "", hour, false}).size() == 3u);
    const counters no_topic = sums_of({"acme", "", "", hour, true});
    BOOST_TEST(no_topic.size() == 6u);
    BOOST_TEST(no_topic.contains("track:acme:unique:2013"));
    // An account that calls itself all is not counted twice there.
    const counters all = sums_of({"all", "pageview", "", hour, false});
    BOOST_TEST(all.size() == 3u);
    BOOST_TEST((all.at("track:all:pageview:2013") == fields{{"2", 1}}));
}

BOOST_AUTO_TEST_CASE(keys_look_as_they_are_told_to) {
    count_naming naming;
    naming.prefix = "";
    naming.separator = "/";
    naming.padded = true;
    const counters sums = sums_of({"acme", "pageview", "", hour, false}, naming);
    BOOST_TEST((sums.at("acme/pageview/2013") == fields{{"02", 1}}));
    BOOST_TEST((sums.at("acme/pageview/2013/02") == fields{{"01", 1}}));
    BOOST_TEST((sums.at("acme/pageview/2013/02/01") == fields{{"09", 1}}));
}

BOOST_AUTO_TEST_CASE(no_name_stands_for_another) {
    const counters sums = sums_of({"a:b%", "c", "", hour, false});
    BOOST_TEST(sums.contains("track:a%3Ab%25:c:2013"));
    count_naming naming;
    BOOST_TEST(naming.unescaped("a%3Ab%25").value() == "a:b%");
    BOOST_TEST(!naming.unescaped("a%41")); // nothing that is ever written
    BOOST_TEST(!naming.unescaped("a%"));
    const auto parts = naming.parts(chart::track, "track:a%3Ab:c:2013");
    BOOST_TEST(parts->size() == 3u);
    BOOST_TEST(parts->at(0) == "a%3Ab");
    BOOST_TEST(!naming.parts(chart::funnels, "track:a:b"));
    naming.separator = "::";
    BOOST_TEST(naming.escaped("a:b") == "a%3Ab");
    BOOST_TEST(naming.parts(chart::track, "track::a::b::")->size() == 3u);
}

BOOST_AUTO_TEST_CASE(equal_events_are_summed_and_others_bounded) {
    tallies all;
    for (int i = 0; i < 1000; ++i)
        BOOST_TEST(all.add({"acme", "pageview", "", hour + i % 2, false}, 3, 2));
    BOOST_TEST(!all.add({"acme", "pageview", "", hour + 2, false}, 3, 2));
    BOOST_TEST(!all.add({"acme", "pageview", "", hour, true}, 3, 2));
    BOOST_TEST(all.size() == 2u);
    BOOST_TEST(all.messages() == 1000u);
    counters sums;
    const event_total half = all.take(sums, {}, 1); // a part at a time
    BOOST_TEST(half.messages == 500u);
    BOOST_TEST(half.bytes == 1500u);
    BOOST_TEST(all.messages() == 500u);
    BOOST_TEST((sums.at("track:all:pageview:2013") == fields{{"2", 500}}));
    all.take(sums, {}, 10);
    BOOST_TEST(all.empty());
    BOOST_TEST((sums.at("track:acme:pageview:2013:2:1") == fields{{"9", 500}, {"10", 500}}));
    BOOST_TEST((sums.at("track:all:pageview:2013") == fields{{"2", 1000}}));
}

BOOST_AUTO_TEST_CASE(separators_that_could_be_names_are_refused) {
    for (const char* separator : {"", "a", "1", "%", " ", "123456789", ":::::::::"}) {
        count_naming naming;
        naming.separator = separator;
        BOOST_CHECK_THROW(naming.check(), usage_error);
    }
    for (const char* separator : {":", "/", "::", "*", "."}) {
        count_naming naming;
        naming.separator = separator;
        BOOST_CHECK_NO_THROW(naming.check());
    }
}

BOOST_AUTO_TEST_CASE(a_prefix_that_is_the_other_chart_is_refused) {
    count_naming naming;
    for (const char* prefix : {"funnels", "funnels:acme"}) {
        naming.prefix = prefix;
        BOOST_CHECK_THROW(naming.check(), usage_error);
    }
    naming.prefix = "funnelsof";
    BOOST_CHECK_NO_THROW(naming.check());
}

BOOST_AUTO_TEST_SUITE_END()
