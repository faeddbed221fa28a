#include "base/error.hpp"
#include "listeners/http_beacon.hpp"
#include "queues/topics.hpp"
#include "test/listeners/http_fixture.hpp"
#include "test/listeners/logged.hpp"
#include "wire/beacon.hpp"

#include <boost/json.hpp>
#include <fstream>

using namespace weir;
using namespace weir::test;

namespace {

const std::string firefox =
    "User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r\n";

// A port as --beacon opens it.
struct beacon_port : http_fixture {
    explicit beacon_port(const std::string& options = "", queue_options queue = {})
        : http_fixture(options, queue, kind::beacon) {}

    // The events taken so far.
    std::vector<boost::json::object> events() {
        std::vector<boost::json::object> all;
        while (batch_ptr next = reader->try_take())
            for (std::string_view each : *next)
                all.push_back(boost::json::parse({each.data(), each.size()}).as_object());
        return all;
    }
};

void check_pixel(const answer& got, bool to_head = false) {
    BOOST_TEST(got.status == 200u);
    BOOST_TEST(got["Content-Type"] == "image/gif");
    BOOST_TEST(got["Content-Length"] == "26");
    BOOST_TEST(got["Cache-Control"] ==
               "no-store, no-cache, must-revalidate, private, proxy-revalidate");
    BOOST_TEST(got["Pragma"] == "no-cache");
    BOOST_TEST(got["Expires"] == "Thu, 01 Jan 1970 00:00:00 GMT");
    BOOST_TEST(got["Cross-Origin-Resource-Policy"] == "cross-origin");
    BOOST_TEST(got.body == (to_head ? "" : beacon_pixel));
}

} // namespace

BOOST_AUTO_TEST_SUITE(http_beacon)

BOOST_AUTO_TEST_CASE(a_get_is_an_event) {
    beacon_port port;
    auto client = port.client();
    check_pixel(client.ask(get("/r/shop/acme/view?title=A+b%21&title=c", firefox)));
    const auto events = port.events();
    BOOST_REQUIRE(events.size() == 1u);
    const auto& event = events.front();
    BOOST_TEST(event.at("time").as_string().size() == 24u);
    BOOST_TEST(event.at("time").as_string().ends_with("Z"));
    BOOST_TEST(event.at("type").as_string() == "view");
    BOOST_TEST(boost::json::serialize(event.at("data")) ==
               R"({"app":"shop","account":"acme","browser":{"name":"Firefox","version":"128.0",)"
               R"("os":"Linux"},"title":"A b!"})");
    BOOST_TEST(port.books.received_messages.value() == 1u);
    BOOST_TEST(port.books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(a_head_is_one_too) {
    beacon_port port;
    auto client = port.client();
    check_pixel(client.ask(get("/r/a/b/c", "", "HEAD"), true), true);
    check_pixel(client.ask(get("/r/a/b/c"))); // nothing stands between the answers
    BOOST_TEST(port.events().size() == 2u);
}

BOOST_AUTO_TEST_CASE(ua_replaces_the_header) {
    beacon_port port;
    auto client = port.client();
    client.ask(get("/r/a/b/c?ua=curl%2F8.5.0&x=1", firefox));
    client.ask(get("/r/a/b/c?ua=", firefox));
    client.ask(get("/r/a/b/c"));
    const auto events = port.events();
    BOOST_REQUIRE(events.size() == 3u);
    BOOST_TEST(boost::json::serialize(events[0].at("data")) ==
               R"({"app":"a","account":"b","browser":{"name":"curl","version":"8.5.0",)"
               R"("os":"Other"},"x":"1"})");
    for (const auto& each : {events[1], events[2]})
        BOOST_TEST(boost::json::serialize(each.at("data")) ==
                   R"({"app":"a","account":"b","browser":{"name":"Other","version":"Other",)"
                   R"("os":"Other"}})");
}

BOOST_AUTO_TEST_CASE(requests_are_taken_however_they_are_cut) {
    beacon_port port;
    const std::string request = get("/r/a/b/c?n=1", firefox);
    const std::string head = request.substr(0, 40);
    auto client = port.client();
    for (char c : head)
        client.send(std::string_view(&c, 1));
    check_pixel(client.ask(request.substr(40)));
    auto pipelining = port.client();
    std::string many;
    for (int n = 0; n < 100; ++n)
        many += get("/r/a/b/c?n=" + std::to_string(n));
    pipelining.send(many);
    for (int n = 0; n < 100; ++n)
        check_pixel(pipelining.receive_answer());
    const auto events = port.events();
    BOOST_REQUIRE(events.size() == 101u);
    for (std::size_t n = 0; n < 100; ++n)
        BOOST_TEST(events[n + 1].at("data").at("n").as_string() == std::to_string(n));
}

BOOST_AUTO_TEST_CASE(nothing_else_is_there) {
    beacon_port port;
    auto client = port.client();
    for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"}) {
        const bool has_body = std::string_view(method).starts_with('P');
        const answer got =
            client.ask(get("/r/a/b/c", has_body ? "Content-Length: 0\r\n" : "", method));
        BOOST_TEST(got.status == 405u, method);
        BOOST_TEST(got["Allow"] == "GET, HEAD", method);
    }
    for (const char* path : {"/", "/r", "/r/a/b", "/r/a/b/", "/r//b/c", "/r/a/b/c/", "/r/a/b/c/d",
                             "/in/x", "/closed", "/live", "/ws"})
        BOOST_TEST(client.ask(get(path)).status == 404u, path);
    BOOST_TEST(client.ask(get("/r/a/b/%4")).status == 400u);
    BOOST_TEST(client.ask(get("/hello")).status == 200u); // as the health checks are
    BOOST_TEST(port.events().empty());
    BOOST_TEST(port.refused(refusal::bad_request) == 3u); // POST, PUT and the broken escape
}

BOOST_AUTO_TEST_CASE(it_is_open_to_every_page) {
    http_fixture port(",beacon=on,token=s3cret,origins=https://good.example");
    auto client = port.client();
    check_pixel(client.ask(get("/r/a/b/c", "Origin: https://evil.example\r\n")));
    BOOST_TEST(client.ask(get("/closed")).status == 401u);
    BOOST_TEST(client.ask(post("x")).status == 401u);
    BOOST_TEST(port.books.received_messages.value() == 1u);
}

BOOST_AUTO_TEST_CASE(an_http_port_has_it_where_it_is_asked_for) {
    http_fixture without;
    BOOST_TEST(without.ask(get("/r/a/b/c")).status == 404u);
    http_fixture with(",beacon=on");
    auto client = with.client();
    check_pixel(client.ask(get("/r/a/b/c")));
    BOOST_TEST(client.ask(post("x")).status == 204u);
    BOOST_TEST(with.messages().ends_with("[x]"));
}

BOOST_AUTO_TEST_CASE(a_refused_event_is_answered_alike_and_counted) {
    for (const when_full policy : {when_full::drop_newest, when_full::block}) {
        queue_options small;
        small.slots = 4;
        small.policy = policy;
        beacon_port port("", small);
        auto client = port.client();
        for (int n = 0; n < 20; ++n)
            check_pixel(client.ask(get("/r/a/b/c")));
        const auto received = port.books.received_messages.value();
        BOOST_TEST(received > 0u);
        BOOST_TEST(received + port.refused(refusal::queue_full) == 20u);
        BOOST_TEST(port.refused(refusal::queue_full) > 0u);
        BOOST_TEST(port.events().size() == received);
        check_pixel(client.ask(get("/r/a/b/c")));
        BOOST_TEST(port.events().size() == 1u);
    }
    beacon_port closed;
    closed.destination->close();
    check_pixel(closed.ask(get("/r/a/b/c")));
    BOOST_TEST(closed.refused(refusal::closing) == 1u);
}

BOOST_AUTO_TEST_CASE(its_type_is_its_topic) {
    for (const char* options : {"", ",topic=pages"}) {
        beacon_port port(options);
        check_pixel(port.ask(get("/r/a/b/view")));
        const batch_ptr event = port.reader->try_take();
        BOOST_REQUIRE(event);
        BOOST_TEST(topics_of(*event)[0] == (*options ? "pages" : "view"));
    }
}

BOOST_AUTO_TEST_CASE(limits) {
    beacon_port port(",max-header=512,max-connections=1");
    auto client = port.client();
    BOOST_TEST(client.ask(get("/r/a/b/c?x=" + std::string(512, 'x'))).status == 431u);
    BOOST_TEST(client.closed());
    BOOST_TEST(port.refused(refusal::oversize) == 1u);
    BOOST_TEST(eventually([&] { return port.books.connections.value() == 0; }));
    auto first = port.client();
    check_pixel(first.ask(get("/r/a/b/c")));
    BOOST_TEST(port.client().closed());
    BOOST_TEST(port.refused(refusal::busy) == 1u);
    BOOST_TEST(port.events().size() == 1u);
}

BOOST_AUTO_TEST_CASE(strangers_are_kept_out) {
    for (const bool beacon : {true, false}) {
        http_fixture port(",allow=10.0.0.0/8", {},
                          beacon ? http_fixture::kind::beacon : http_fixture::kind::http);
        BOOST_TEST(port.client().closed());
        BOOST_TEST(port.refused(refusal::not_allowed) == 1u);
    }
}

BOOST_AUTO_TEST_CASE(the_expressions_are_read_at_the_start) {
    const auto fault_of = [](const std::string& path) -> std::string {
        try {
            load_browsers(path);
        } catch (const startup_error& fault) {
            return fault.what();
        }
        return {};
    };
    const scratch_path file("regexes.yaml");
    BOOST_TEST(fault_of(file.text())
                   .starts_with("can't read " + file.text() + ": No such file or directory; "));
    BOOST_TEST(fault_of("/").starts_with("can't read /: Is a directory; "));
    std::ofstream(file.text()) << "user_agent_parsers: [";
    BOOST_TEST(fault_of(file.text()).starts_with(file.text() + " is no regexes.yaml of uap-core"));
    std::ofstream(file.text()) << "";
    BOOST_TEST(fault_of(file.text()).starts_with("can't read " + file.text() + ": it is empty; "));
    BOOST_CHECK_THROW(http_fixture(",beacon=on,ua-regexes=/nowhere"), startup_error);
    http_fixture not_asked_for(",ua-regexes=/nowhere");

    std::ofstream(file.text()) << "user_agent_parsers:\n  - regex: '(?=x)'\n  - regex: '(Mine)'\n"
                                  "os_parsers:\n  - regex: '(Yours)'\n";
    http_fixture own(",beacon=on,ua-regexes=" + file.text());
    own.ask(get("/r/a/b/c?ua=Mine+Yours"));
    BOOST_TEST(own.messages().find(R"("name":"Mine","version":"Other","os":"Yours")") !=
               std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_options) {
    BOOST_TEST(show_options(parse_options<beacon_options>(":80")) ==
               ":80,max-header=16KiB,max-connections=10000,header-timeout=10s,idle-timeout=1m,"
               "ua-regexes=/usr/share/uap-core/regexes.yaml");
    for (const char* wrong : {":80,token=x", ":80,origins=*", ":80,beacon=off", ":80,max-body=1"})
        BOOST_CHECK_THROW(parse_options<beacon_options>(wrong), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
