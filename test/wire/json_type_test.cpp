#include "wire/json_type.hpp"

#include <boost/test/unit_test.hpp>

BOOST_AUTO_TEST_SUITE(json_type)

BOOST_AUTO_TEST_CASE(an_object_says_its_type) {
    BOOST_TEST(weir::json_type(R"({"type":"pageview"})") == "pageview");
    BOOST_TEST(weir::json_type(" {\"a\":[1,{\"type\":\"no\"}],\"type\" : \"yes\",\"b\":{}}\n") ==
               "yes");
    BOOST_TEST(weir::json_type(R"({"type":"a\u00e9\n"})") == "a\u00e9\n");
    BOOST_TEST(weir::json_type(R"({"\u0074ype":"escaped key"})") == "escaped key");
}

BOOST_AUTO_TEST_CASE(of_several_the_last_counts) {
    BOOST_TEST(weir::json_type(R"({"type":"a","type":"b"})") == "b");
    BOOST_TEST(weir::json_type(R"({"type":"a","type":1})").empty());
    BOOST_TEST(weir::json_type(R"({"type":"a","type":{"type":"b"}})").empty());
}

BOOST_AUTO_TEST_CASE(everything_else_has_none) {
    for (const char* text :
         {"", " ", "text", "{", R"({"type":"a")", R"({"type":"a"} x)", R"(["type","a"])",
          R"([{"type":"a"}])", R"({"data":{"type":"a"}})", R"({"type":1})", R"({"type":null})",
          R"({"type":["a"]})", R"({"types":"a"})", R"({"typ":"a"})", R"("type")",
          "{\"type\":\"\xff\"}"})
        BOOST_TEST(weir::json_type(text).empty(), text);
}

BOOST_AUTO_TEST_SUITE_END()
