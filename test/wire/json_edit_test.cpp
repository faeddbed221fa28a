#include "wire/json_edit.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

using texts = std::initializer_list<const char*>;

member_tree tree(texts paths) {
    std::vector<member_path> all;
    for (const char* each : paths)
        all.emplace_back(each);
    return tree_of(all);
}

std::string kept(std::string_view object, texts paths) {
    std::string out;
    keep_members(out, object, tree(paths));
    return out;
}

std::string dropped(std::string_view object, texts paths) {
    std::string out;
    return drop_members(out, object, tree(paths)) ? out : "unchanged" + out;
}

std::string with(std::string_view object, std::vector<new_member> members) {
    std::string out;
    set_members(out, object, members);
    return out;
}

std::string found(std::string_view object, const char* path) {
    const auto value = member_path(path).find_in(object);
    return value ? std::string(*value) : "none";
}

constexpr auto nested = R"({"a":1,"b":{"c":2,"d":{"e":3}},"f":[{"c":4}],"c":"}"})";

} // namespace

BOOST_AUTO_TEST_SUITE(json_edit)

BOOST_AUTO_TEST_CASE(members_are_found_by_their_path) {
    BOOST_TEST(found(nested, "a") == "1");
    BOOST_TEST(found(nested, "b.d.e") == "3");
    BOOST_TEST(found(nested, "b.d") == R"({"e":3})");
    BOOST_TEST(found(nested, "c") == R"("}")");
    for (const char* path : {"x", "b.x", "a.b", "f.c", "f.0", "e"})
        BOOST_TEST(found(nested, path) == "none", path);
    BOOST_TEST(found("{ \"a\" :\n[ 1 , 2 ] , \"b\" : true }", "a") == "[ 1 , 2 ]");
    BOOST_TEST(found("{ \"a\" :\n[ 1 , 2 ] , \"b\" : true }", "b") == "true");
}

BOOST_AUTO_TEST_CASE(of_names_that_are_there_twice_the_last_counts) {
    BOOST_TEST(found(R"({"a":1,"a":2})", "a") == "2");
    BOOST_TEST(found(R"({"a":{"b":1},"a":2})", "a.b") == "none");
}

BOOST_AUTO_TEST_CASE(names_are_found_however_they_are_escaped) {
    const auto escaped = R"({"\u0061\"":1,"\u00e9":2,"a.b":3,"\ud83d\ude00":4})";
    BOOST_TEST(found(escaped, "a\"") == "1");
    BOOST_TEST(found(escaped, "\u00e9") == "2");
    BOOST_TEST(found(escaped, R"(a\.b)") == "3");
    BOOST_TEST(found(escaped, "\U0001f600") == "4");
    BOOST_TEST(dropped(escaped, {"a\"", "\u00e9"}) == R"({"a.b":3,"\ud83d\ude00":4})");
    BOOST_TEST(kept(escaped, {"a\""}) == R"({"\u0061\"":1})");
    BOOST_TEST(with(R"({"\u0061":1})", {{"a", "2"}}) == R"({"\u0061":2})");
}

BOOST_AUTO_TEST_CASE(paths_without_a_name_are_refused) {
    for (const char* path : {"", ".", "a.", ".a", "a..b", "\xff"})
        BOOST_CHECK_THROW(member_path{path}, usage_error);
    BOOST_TEST(member_path(R"(a\\\.b.c\)").names() == (std::vector<std::string>{"a\\.b", "c\\"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(only_what_is_named_is_kept) {
    BOOST_TEST(kept(nested, {"c", "a"}) == R"({"a":1,"c":"}"})");
    BOOST_TEST(kept(nested, {"b.d.e"}) == R"({"b":{"d":{"e":3}}})");
    BOOST_TEST(kept(nested, {"b.c", "b.d"}) == R"({"b":{"c":2,"d":{"e":3}}})");
    BOOST_TEST(kept(nested, {"b.c", "b"}) == kept(nested, {"b"}));
    BOOST_TEST(kept(nested, {"b", "b.c"}) == R"({"b":{"c":2,"d":{"e":3}}})");
    BOOST_TEST(kept(nested, {"b.x", "f.c", "a.x", "x"}) == "{}");
    BOOST_TEST(kept(R"({"a":1,"b":2,"a":3})", {"a"}) == R"({"a":1,"a":3})");
    BOOST_TEST(kept("{}", {"a"}) == "{}");
}

BOOST_AUTO_TEST_CASE(what_is_named_is_left_out) {
    BOOST_TEST(dropped(nested, {"b", "f"}) == R"({"a":1,"c":"}"})");
    BOOST_TEST(dropped(nested, {"b.d.e"}) == R"({"a":1,"b":{"c":2,"d":{}},"f":[{"c":4}],"c":"}"})");
    BOOST_TEST(dropped(nested, {"x", "b.x", "f.c", "a.b"}) == "unchanged");
    BOOST_TEST(dropped(R"({"a":1,"b":2,"a":3})", {"a"}) == R"({"b":2})");
    BOOST_TEST(dropped(R"({"a":1})", {"a"}) == "{}");
}

BOOST_AUTO_TEST_CASE(members_are_set_in_their_place_or_behind_the_others) {
    BOOST_TEST(with(R"({"a":1})", {{"b", "\"x\""}, {"c", "[]"}}) == R"({"a":1,"b":"x","c":[]})");
    BOOST_TEST(with(R"({"a":1,"b":2})", {{"a", "0"}}) == R"({"a":0,"b":2})");
    BOOST_TEST(with(R"({"a":1,"b":2,"a":3})", {{"a", "0"}}) == R"({"a":0,"b":2,"a":0})");
    BOOST_TEST(with(" { } ", {{"q\"\n", "1"}}) == R"({"q\"\n":1})");
}

BOOST_AUTO_TEST_CASE(untouched_values_keep_their_bytes) {
    const std::string_view odd = "{\"n\": 12345678901234567890123.10e-3,\"s\": \"\\u0061\\/\" , "
                                 "\"o\":{ \"x\" : 1.0 },\"z\":0}";
    const auto expected = "{\"n\":12345678901234567890123.10e-3,\"s\":\"\\u0061\\/\","
                          "\"o\":{ \"x\" : 1.0 }";
    BOOST_TEST(dropped(odd, {"z"}) == expected + std::string("}"));
    BOOST_TEST(with(odd, {{"z", "1"}}) == expected + std::string(",\"z\":1}"));
    BOOST_TEST(kept(odd, {"n", "s", "o"}) == expected + std::string("}"));
}

BOOST_AUTO_TEST_CASE(depth_costs_no_stack) {
    const std::string deep =
        R"({"a":)" + std::string(190, '[') + std::string(190, ']') + R"(,"b":1})";
    BOOST_TEST(is_json_object(deep));
    BOOST_TEST(dropped(deep, {"b"}) == deep.substr(0, deep.size() - 7) + "}");
    std::string objects = "1";
    for (int i = 0; i < 190; ++i)
        objects = R"({"a":)" + objects + "}";
    BOOST_TEST(found(objects, "a.a.a.b") == "none");
    BOOST_TEST(!is_json_object(std::string(100'000, '{')));
}

BOOST_AUTO_TEST_CASE(only_valid_objects_are_objects) {
    BOOST_TEST(is_json_object(" {\"a\":1}\r\n"));
    for (const char* text : {"", " ", "[]", "1", "\"{}\"", "{", "{}x", "{\"a\":01}", "{\"a\"}",
                             "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}", "{a:1}", "{\"a\":1,}"})
        BOOST_TEST(!is_json_object(text), text);
}

BOOST_AUTO_TEST_CASE(the_text_of_a_value) {
    BOOST_TEST(value_text(R"("a\n\u00e9")") == "a\n\u00e9");
    BOOST_TEST(value_text(R"("plain")") == "plain");
    for (const char* text : {"1.50", "true", "null", "[1, 2]", "{}"})
        BOOST_TEST(value_text(text) == text);
}

BOOST_AUTO_TEST_SUITE_END()
