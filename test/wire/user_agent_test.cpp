#include "wire/user_agent.hpp"

#include "test/wire/uap_core.hpp"

#include <boost/test/unit_test.hpp>
#include <yaml-cpp/yaml.h>

using namespace weir;
using namespace weir::test;

namespace {

std::string shown(const browser& b) { return b.name + "|" + b.version + "|" + b.system; }

browser parsed(std::string_view user_agent) { return uap_core_parser().parse(user_agent); }

// A part that uap-core's own tests name, or nothing.
std::string part(const YAML::Node& expected, const char* name) {
    const YAML::Node text = expected[name];
    return text && !text.IsNull() ? text.as<std::string>() : "";
}

std::string version_of(const YAML::Node& expected) {
    std::string version = part(expected, "major");
    for (const char* name : {"minor", "patch"}) {
        const std::string next = part(expected, name);
        if (version.empty() || next.empty())
            break;
        version += next.front() == '.' ? next : "." + next;
    }
    return version.empty() ? "Other" : version;
}

YAML::Node own_tests(const char* file) {
    return YAML::Load(text_of(uap_core + "/tests/" + file))["test_cases"];
}

user_agent_parser parser_of(const std::string& browsers) {
    return user_agent_parser(parse_user_agent_expressions("user_agent_parsers:\n" + browsers +
                                                          "os_parsers:\n  - regex: '(Linux)'\n"));
}

} // namespace

BOOST_AUTO_TEST_SUITE(user_agent)

BOOST_AUTO_TEST_CASE(browsers_phones_bots_and_tools_of_today) {
    std::istringstream lines(text_of(WEIR_TEST_DATA "/wire/user_agents.tsv"));
    std::size_t checked = 0;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with('#'))
            continue;
        std::istringstream columns(line);
        std::string name, version, system, text;
        std::getline(columns, name, '\t');
        std::getline(columns, version, '\t');
        std::getline(columns, system, '\t');
        std::getline(columns, text);
        BOOST_TEST(shown(parsed(text)) == name + "|" + version + "|" + system, text);
        ++checked;
    }
    BOOST_TEST(checked >= 60u);
}

BOOST_AUTO_TEST_CASE(every_expression_is_one_that_re2_takes) {
    BOOST_TEST(uap_core_parser().skipped() == 0u);
    BOOST_TEST(uap_core_parser().expressions() > 500u);
}

BOOST_AUTO_TEST_CASE(uap_cores_own_tests) {
    std::size_t checked = 0;
    for (const YAML::Node& expected : own_tests("test_ua.yaml")) {
        const auto text = expected["user_agent_string"].as<std::string>();
        const browser got = parsed(text);
        BOOST_TEST(got.name == part(expected, "family"), text);
        BOOST_TEST(got.version == version_of(expected), text);
        ++checked;
    }
    for (const YAML::Node& expected : own_tests("test_os.yaml")) {
        const auto text = expected["user_agent_string"].as<std::string>();
        BOOST_TEST(parsed(text).system == part(expected, "family"), text);
        ++checked;
    }
    BOOST_TEST(checked > 1800u);
}

BOOST_AUTO_TEST_CASE(what_is_not_known_is_other) {
    const std::string other = "Other|Other|Other";
    BOOST_TEST(shown(parsed("")) == other);
    BOOST_TEST(shown(parsed("nothing of the kind")) == other);
    BOOST_TEST(shown(parsed(std::string("\0\xff\x80\n\"\\", 6))) == other);
    BOOST_TEST(shown(parsed("\xff Firefox/133.0 \xff")) == "Firefox|133.0|Other");
}

BOOST_AUTO_TEST_CASE(only_the_first_kilobyte_is_looked_at) {
    const std::string pad(user_agent_parser::most_bytes - 12, ' ');
    BOOST_TEST(parsed(pad + "Firefox/13.0").name == "Firefox");
    BOOST_TEST(parsed(pad + "Firefox/13.05").version == "13.0");
    BOOST_TEST(parsed(pad + std::string(12, ' ') + "Firefox/13.0").name == "Other");
    BOOST_TEST(parsed(std::string(1 << 20, 'a')).name == "Other");
}

BOOST_AUTO_TEST_CASE(the_first_that_matches_counts) {
    const user_agent_parser parser = parser_of("  - regex: '(Second)/(\\d+)'\n"
                                               "  - regex: '([A-Z])[a-z]+/(\\d+)'\n"
                                               "    family_replacement: 'All $1, $9'\n"
                                               "    v2_replacement: '$2$2'\n"
                                               "  - regex: '(First)/(\\d+)'\n");
    BOOST_TEST(shown(parser.parse("First/1 Second/2 Linux")) == "Second|2|Linux");
    BOOST_TEST(shown(parser.parse("First/1")) == "All F,|1.11|Other");
}

BOOST_AUTO_TEST_CASE(what_re2_does_not_take_is_skipped) {
    const user_agent_parser parser = parser_of("  - regex: '(?=x)(Ahead)/(\\d+)'\n"
                                               "  - regex: '(Back)/\\1'\n"
                                               "  - regex: '(Good)/(\\d+)'\n");
    BOOST_TEST(parser.skipped() == 2u);
    BOOST_TEST(parser.expressions() == 2u);
    BOOST_TEST(shown(parser.parse("Good/3 Ahead/4")) == "Good|3|Other");
    const user_agent_parser none = parser_of("  - regex: '(?!x)'\n");
    BOOST_TEST(shown(none.parse("x")) == "Other|Other|Other");
}

BOOST_AUTO_TEST_CASE(expressions_without_a_word_are_always_tried) {
    const user_agent_parser parser = parser_of("  - regex: '^(\\w)/(\\d)'\n");
    BOOST_TEST(shown(parser.parse("x/1")) == "x|1|Other");
}

BOOST_AUTO_TEST_CASE(what_is_no_list_is_said) {
    for (const char* wrong : {"", "a list", "- a\n", "a: 1", "user_agent_parsers: []",
                              "user_agent_parsers:\n  - regex: 'a'\n", "'", "os_parsers: {",
                              "user_agent_parsers:\n  - family_replacement: a\nos_parsers:\n"})
        BOOST_CHECK_THROW(parse_user_agent_expressions(wrong), std::runtime_error);
}

BOOST_AUTO_TEST_SUITE_END()
