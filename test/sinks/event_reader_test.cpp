#include "sinks/event_reader.hpp"

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

BOOST_AUTO_TEST_SUITE(event_reader)

BOOST_AUTO_TEST_CASE(an_event_has_what_it_says) {
    weir::event_reader reader("data.account");
    const event_facts facts = reader.read(
        R"( {"type":"order","time":"2013-02-01T09:05:07Z","data":{"account":"ac\u006de","unq":"1","status":"paid"}})");
    BOOST_TEST(facts.account == "acme");
    BOOST_TEST(facts.status == "paid");
    BOOST_TEST(facts.unique);
    BOOST_TEST(facts.time->time_since_epoch().count() == 1359709507);
}

BOOST_AUTO_TEST_CASE(numbers_are_names_too) {
    weir::event_reader reader("data.account");
    const event_facts facts = reader.read(R"({"data":{"account":17,"unq":1,"status":200}})");
    BOOST_TEST(facts.account == "17");
    BOOST_TEST(facts.status == "200");
    BOOST_TEST(facts.unique);
}

BOOST_AUTO_TEST_CASE(what_is_not_there_is_not_made_up) {
    weir::event_reader reader("data.account");
    for (const char* event :
         {"", " ", "text", "[1]", "\"s\"", "{", "{}x", R"({"data":{"account":"acme"})",
          R"({"data":"acme"})", R"({"data":{"account":["acme"]}})", R"({"data":{"account":1.5}})",
          R"({"data":{"account":""}})", R"({"data":{"account":null,"unq":"0"}})",
          R"({"account":"acme","unq":"1"})", R"({"data":{"unq":true,"status":{}}})",
          R"({"time":12,"data":{}})", R"({"time":"yesterday"})"}) {
        const event_facts facts = reader.read(event);
        BOOST_TEST(facts.account == "", event);
        BOOST_TEST(facts.status == "", event);
        BOOST_TEST(!facts.unique, event);
        BOOST_TEST(!facts.time, event);
    }
    BOOST_TEST(reader.read(R"({"data":{"account":"acme"}})").account == "acme");
}

BOOST_AUTO_TEST_CASE(the_account_may_be_elsewhere) {
    weir::event_reader top("tenant");
    BOOST_TEST(top.read(R"({"tenant":"acme","data":{"account":"x"}})").account == "acme");
    weir::event_reader deep("a.b.c");
    BOOST_TEST(deep.read(R"({"a":{"b":{"c":"acme"}}})").account == "acme");
    BOOST_TEST(deep.read(R"({"a":{"b":"c"}})").account == "");
    for (const char* path : {"", ".", "a.", ".a", "a..b"})
        BOOST_CHECK_THROW(weir::event_reader{path}, usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
