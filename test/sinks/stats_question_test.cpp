#include "sinks/stats_question.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

using parsed = std::variant<stats_question, http_answer>;

parsed parse(std::string_view path, std::string_view query = "", std::string_view host = "h:80",
             const stats_options& options = {}) {
    return parse_stats_question({path, query, {}, path, host}, options);
}

unsigned status(const parsed& from) {
    const auto* wrong = std::get_if<http_answer>(&from);
    return wrong ? wrong->status : 200;
}

std::string key(std::string_view path) {
    return std::get<stats_question>(parse(path)).key(count_naming());
}

resp_value bulk(std::string text) { return {resp_kind::bulk, std::move(text), 0, {}}; }

} // namespace

BOOST_AUTO_TEST_SUITE(stats_question)

BOOST_AUTO_TEST_CASE(paths_are_keys) {
    BOOST_TEST(key("/stats/track") == "track:");
    BOOST_TEST(key("/stats/track/acme/") == "track:acme:");
    BOOST_TEST(key("/stats/track/acme/pageview") == "track:acme:pageview:");
    BOOST_TEST(key("/stats/track/acme/pageview/2013") == "track:acme:pageview:2013");
    BOOST_TEST(key("/stats/track/acme/pageview/2013/02/1") == "track:acme:pageview:2013:2:1");
    BOOST_TEST(key("/stats/funnels/all/order/2013/12") == "funnels:all:order:2013:12");
    BOOST_TEST(key("/stats/track/a%3Ab%2Fc/%25/2013") == "track:a%3Ab/c:%25:2013");
}

BOOST_AUTO_TEST_CASE(what_is_no_question_is_answered_so) {
    for (const char* path : {"/", "/stats", "/stats/", "/stat/track", "/stats/nothing",
                             "/stats/funnels/a/order/2013/2/1", "/stats/track/a/b/2013/2/1/9"})
        BOOST_TEST(status(parse(path)) == 404u, path);
    for (const char* path :
         {"/stats//a", "/stats/track//b", "/stats/track/%zz", "/stats/track/%ff",
          "/stats/track/a/b/13", "/stats/track/a/b/0000", "/stats/track/a/b/2013/13",
          "/stats/track/a/b/2013/0", "/stats/track/a/b/2013/2/32", "/stats/track/a/b/2013/*",
          "/stats/track/a/b/2013/002"})
        BOOST_TEST(status(parse(path)) == 400u, path);
    for (const char* host : {"", "a b", "a\"b", "a/b", "a<b"})
        BOOST_TEST(status(parse("/stats/track", "", host)) == 400u, host);
    BOOST_TEST(status(parse("/stats/track", "", std::string(256, 'a'))) == 400u);
    BOOST_TEST(status(parse("/stats/track", "", "[::1]:8080")) == 200u);
}

BOOST_AUTO_TEST_CASE(a_callback_is_a_name) {
    for (const char* query : {"callback=", "callback=a%28b", "callback=a;b", "callback=a%20b",
                              "callback=a-b", "callback=%3Cscript%3E", "callback=%zz"})
        BOOST_TEST(status(parse("/stats/track", query)) == 400u, query);
    BOOST_TEST(status(parse("/stats/track", "callback=" + std::string(65, 'a'))) == 400u);
    const auto question =
        std::get<weir::stats_question>(parse("/stats/track", "x=1&callback=jQuery_1.$cb"));
    BOOST_TEST(question.callback == "jQuery_1.$cb");
    const http_answer answer = stats_list(question, {}, {"acme"}, false);
    BOOST_TEST(answer.body.starts_with("/**/jQuery_1.$cb({\"type\":\"track\","));
    BOOST_TEST(answer.body.ends_with("});\n"));
    BOOST_TEST(answer.content_type.starts_with("text/javascript"));
}

BOOST_AUTO_TEST_CASE(patterns_match_only_themselves) {
    BOOST_TEST(scan_pattern("track:acme:") == "track:acme:*");
    BOOST_TEST(scan_pattern("a*b?[c]\\^-") == "a\\*b\\?\\[c\\]\\\\\\^\\-*");
}

BOOST_AUTO_TEST_CASE(names_come_from_the_keys_of_years_alone) {
    const std::vector<resp_value> keys{
        bulk("track:acme:pageview:2013"), bulk("track:acme:pageview:2013:2"),
        bulk("track:a%3Ab:x:2014"),       bulk("track:acme:order:2012"),
        bulk("track:other:order:2012"),   bulk("track:acme:pageview:x"),
        bulk("track:\xff:x:2013"),        bulk("trackacme:x:2013"),
        bulk("weir:0123:applied"),        {}};
    const auto names = [&](std::string_view path) {
        std::set<std::string> out;
        collect_names(std::get<weir::stats_question>(parse(path)), {}, keys, out);
        return out;
    };
    BOOST_TEST((names("/stats/track") == std::set<std::string>{"acme", "a:b", "other"}));
    BOOST_TEST((names("/stats/track/acme") == std::set<std::string>{"pageview", "order"}));
    BOOST_TEST((names("/stats/track/acme/pageview") == std::set<std::string>{"2013"}));
    BOOST_TEST(names("/stats/funnels").empty());
    BOOST_TEST(names("/stats/track/*").empty());
}

BOOST_AUTO_TEST_CASE(counts_look_as_they_always_did) {
    const auto month = std::get<weir::stats_question>(parse("/stats/track/acme/pageview/2013/2"));
    BOOST_TEST(month.keys_below({}).size() == 31u);
    BOOST_TEST(month.keys_below({})[0] == "track:acme:pageview:2013:2:1");
    std::vector<bool> below(31);
    below[0] = below[9] = true;
    const std::vector<resp_value> fields{bulk("10"),   bulk("3"), bulk("1"),
                                         bulk("1489"), bulk("x"), bulk("no number")};
    const http_answer answer = stats_counts(month, {}, fields, below);
    BOOST_TEST(answer.content_type == "application/json");
    BOOST_TEST(
        answer.body ==
        R"({"type":"track","account":"acme","event":"pageview","year":"2013","month":"2","day":"",)"
        R"("links":["http://h:80/stats/track/acme/pageview/2013/2/1",)"
        R"("http://h:80/stats/track/acme/pageview/2013/2/10"],"data":{"1":1489,"10":3}})"
        "\n");
    const auto day = std::get<weir::stats_question>(parse("/stats/track/a/b/2013/2/1"));
    BOOST_TEST(day.keys_below({}).empty());
    const auto funnel = std::get<weir::stats_question>(parse("/stats/funnels/a/order/2013/2"));
    BOOST_TEST(funnel.keys_below({}).empty());
}

BOOST_AUTO_TEST_CASE(padded_numbers_and_other_prefixes) {
    stats_options options;
    options.path_prefix = "";
    options.naming.prefix = "";
    options.naming.separator = "/";
    options.naming.padded = true;
    options.check();
    const auto year =
        std::get<weir::stats_question>(parse("/track/acme/pageview/2013", "", "h", options));
    BOOST_TEST(year.key(options.naming) == "acme/pageview/2013");
    BOOST_TEST(year.keys_below(options.naming)[8] == "acme/pageview/2013/09");
    std::vector<bool> below(12);
    below[8] = true;
    const auto body = stats_counts(year, options, {bulk("09"), bulk("1")}, below).body;
    BOOST_TEST(body.find("http://h/track/acme/pageview/2013/09") != body.npos);
    BOOST_TEST(body.find("{\"09\":1}") != body.npos);
    for (const char* prefix : {"stats", "/stats/", "/", "/a b", "/a*"}) {
        options.path_prefix = prefix;
        BOOST_CHECK_THROW(options.check(), usage_error);
    }
}

BOOST_AUTO_TEST_CASE(links_are_escaped) {
    const auto list = std::get<weir::stats_question>(parse("/stats/track/a%2Fb"));
    const http_answer answer = stats_list(list, {}, {"x y", "\xc3\xa4"}, true);
    BOOST_TEST(answer.body.find("http://h:80/stats/track/a%2Fb/x%20y") != answer.body.npos);
    BOOST_TEST(answer.body.find("/stats/track/a%2Fb/%C3%A4") != answer.body.npos);
    BOOST_TEST(answer.body.find("\"truncated\":true") != answer.body.npos);
}

BOOST_AUTO_TEST_SUITE_END()
