#include "base/options.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

enum class colour { red, green };
constexpr std::array<std::pair<std::string_view, colour>, 2> choices(colour) {
    return {{{"red", colour::red}, {"green", colour::green}}};
}

struct sample {
    address listen;
    byte_size rcvbuf = 4_MiB;
    unsigned sockets = 1;
    bool gzip = false;
    colour paint = colour::red;
    secret token;
    duration linger = duration(50);
    std::vector<cidr> allow;
    std::vector<std::string> header;
};

void declare(option_set& set, sample& o) {
    set.what("ADDR", o.listen);
    set.add("rcvbuf", o.rcvbuf, "SIZE", "");
    set.add("sockets", o.sockets, "N", "");
    set.add("gzip", o.gzip, "on/off", "");
    set.add("paint", o.paint, "COLOUR", "");
    set.add("token", o.token, "TOKEN", "");
    set.add("linger", o.linger, "TIME", "");
    set.add("allow", o.allow, "CIDR", "");
    set.add("header", o.header, "NAME:VALUE", "");
}

std::string error_of(std::string_view text) {
    try {
        parse_options<sample>(text);
    } catch (const usage_error& wrong) {
        return wrong.what();
    }
    return "no error";
}

} // namespace

BOOST_AUTO_TEST_SUITE(options)

BOOST_AUTO_TEST_CASE(values_of_every_type) {
    const auto o = parse_options<sample>(
        "[::1]:9000,rcvbuf=64MiB,sockets=2,gzip,paint=green,token=s3cret,linger=2s");
    BOOST_TEST(o.listen.host == "::1");
    BOOST_TEST(o.listen.port == 9000);
    BOOST_TEST(o.rcvbuf.bytes == 64u << 20);
    BOOST_TEST(o.sockets == 2u);
    BOOST_TEST(o.gzip);
    BOOST_TEST((o.paint == colour::green));
    BOOST_TEST(o.token.value == "s3cret");
    BOOST_TEST(o.linger.count() == 2000);
}

BOOST_AUTO_TEST_CASE(a_list_goes_on_after_commas_or_repeats_its_name) {
    const auto o = parse_options<sample>(":1,allow=10.0.0.0/8,::1,gzip=on,allow=192.0.2.7");
    BOOST_TEST(o.allow.size() == 3u);
    BOOST_TEST(o.gzip);
}

BOOST_AUTO_TEST_CASE(a_word_behind_a_list_is_no_switch_by_chance) {
    BOOST_TEST(error_of(":1,header=A: b,gzip") ==
               "'gzip' behind header= can be read in two ways; write gzip=on or header=gzip");
    BOOST_TEST(parse_options<sample>(":1,header=gzip,gzip=on").gzip);
    BOOST_TEST(parse_options<sample>(":1,gzip,header=a,b").header.size() == 2u);
}

BOOST_AUTO_TEST_CASE(options_in_one_list_keep_their_order) {
    std::vector<ordered_option> list;
    std::string listen;
    option_set set;
    set.what("ADDR", listen);
    const auto no_x = [](std::string_view text) {
        if (text == "x")
            throw usage_error("no x");
    };
    set.add_ordered("pick", list, "PATH", "", false, true, no_x);
    set.add_ordered("wrap", list, "", "", true, false, no_x);
    set.add_ordered("add", list, "TEXT", "", false, false, no_x);
    set.parse("a,pick=1,2\\,3,wrap,add=q=r,wrap=off,pick=4");
    BOOST_TEST(set.show() == "a,pick=1,pick=2\\,3,wrap=on,add=q=r,pick=4");
    BOOST_CHECK_THROW(set.parse("a,add=1,2"), usage_error);
    BOOST_CHECK_THROW(set.parse("a,pick=1,x"), usage_error);
}

BOOST_AUTO_TEST_CASE(a_comma_can_be_escaped) {
    const auto o = parse_options<sample>(R"(:1,header=A: b\,c)");
    BOOST_TEST(o.header.at(0) == "A: b,c");
    BOOST_TEST(parse_options<sample>(show_options(o)).header.at(0) == "A: b,c");
}

BOOST_AUTO_TEST_CASE(a_secret_is_never_shown) {
    const std::string shown = show_options(parse_options<sample>(":1,token=s3cret"));
    BOOST_TEST(shown.find("s3cret") == shown.npos);
    BOOST_TEST(shown.find("token=***") != shown.npos);
}

BOOST_AUTO_TEST_CASE(an_empty_secret_is_none) {
    BOOST_TEST(error_of(":1,token=") == "option token: must not be empty");
}

BOOST_AUTO_TEST_CASE(what_is_one_value_is_given_once) {
    BOOST_TEST(error_of(":1,sockets=2,gzip,sockets=2") == "option sockets is given twice");
    BOOST_TEST(error_of(":1,gzip,gzip=off") == "option gzip is given twice");
}

BOOST_AUTO_TEST_CASE(errors_name_what_is_wrong_and_the_nearest_right_word) {
    BOOST_TEST(error_of(":1,rcvbuff=1") == "unknown option 'rcvbuff', did you mean 'rcvbuf'?");
    BOOST_TEST(error_of(":1,paint=grean") ==
               "option paint: 'grean' is none of red, green, did you mean 'green'?");
    BOOST_TEST(error_of(":1,sockets") == "option sockets needs a value: sockets=N");
    BOOST_TEST(error_of(":1,sockets=99999999999") == "option sockets: '99999999999' is too large");
    BOOST_TEST(error_of(":1,rcvbuf=4MB").starts_with("option rcvbuf: '4MB' is no size"));
    BOOST_TEST(error_of(":1,linger=5").starts_with("option linger: '5' is no time"));
    BOOST_TEST(error_of(":1,allow=10.0.0.0/40").starts_with("option allow: '10.0.0.0/40'"));
    BOOST_TEST(error_of(",gzip") == "needs ADDR");
    BOOST_TEST(error_of("9000").starts_with("'9000' is no address"));
    BOOST_TEST(error_of(":70000").starts_with("':70000' has no port"));
    BOOST_TEST(error_of("::1:80").starts_with("'::1:80' is no address"));
    BOOST_TEST(error_of("unix:").starts_with("'unix:' needs a path"));
}

BOOST_AUTO_TEST_CASE(sizes_and_times_round_trip) {
    for (const char* text : {"0", "1B", "1023B", "1KiB", "1536KiB", "3GiB"})
        BOOST_TEST(to_string(parse_size(text)) == text);
    for (const char* text : {"0", "1ms", "1500ms", "2s", "90s", "5m", "3h", "1d"})
        BOOST_TEST(to_string(parse_duration(text)) == text);
    BOOST_CHECK_THROW(parse_size("99999999999GiB"), usage_error);
    BOOST_CHECK_THROW(parse_size("-1"), usage_error);
}

BOOST_AUTO_TEST_CASE(an_allow_list_knows_mapped_addresses) {
    const std::vector<cidr> list{parse_cidr("127.0.0.0/8"), parse_cidr("2001:db8::/33")};
    const auto peer = [](const char* text) { return boost::asio::ip::make_address(text); };
    BOOST_TEST(allowed(list, peer("127.255.0.1")));
    BOOST_TEST(allowed(list, peer("::ffff:127.0.0.1")));
    BOOST_TEST(!allowed(list, peer("128.0.0.1")));
    BOOST_TEST(allowed(list, peer("2001:db8:7fff::1")));
    BOOST_TEST(!allowed(list, peer("2001:db8:8000::1")));
    BOOST_TEST(allowed({}, peer("192.0.2.1")));
}

BOOST_AUTO_TEST_SUITE_END()
