#include "base/option_text.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

struct sample {
    address listen;
    secret token;
    std::string path;
    bool on = false;
};

void declare(option_set& set, sample& o) {
    set.what("ADDR", o.listen);
    set.add("token", o.token, "TOKEN", "");
    set.add("path", o.path, "PATH", "");
    set.add("on", o.on, "on/off", "");
}

} // namespace

BOOST_AUTO_TEST_SUITE(option_text)

BOOST_AUTO_TEST_CASE(what_is_escaped_comes_back) {
    for (const char* value : {"", "a", ",", "\\", "a,b\\", "\\,", "\\\\", ",\\,", "C:\\d"}) {
        const std::vector<std::string> parts = split_values(escape_value(value) + ",next");
        BOOST_TEST(parts == (std::vector<std::string>{value, "next"}),
                   boost::test_tools::per_element());
    }
    BOOST_TEST(split_values("\\d\\").front() == "\\d\\"); // before anything else it is itself
}

BOOST_AUTO_TEST_CASE(every_option_has_a_key_and_secrets_are_known) {
    sample object;
    option_set set;
    declare(set, object);
    std::string keys;
    std::string secrets;
    for (const option& each : set.options()) {
        keys += key_of(each) + " ";
        secrets += is_secret(each) ? key_of(each) : "";
    }
    BOOST_TEST(keys == "listen token path on ");
    BOOST_TEST(secrets == "token");
    std::string url;
    option_set others;
    others.what("URL", url);
    BOOST_TEST(key_of(others.options().front()) == "url");
}

BOOST_AUTO_TEST_SUITE_END()
