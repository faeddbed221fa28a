#include "test/listeners/http_fixture.hpp"
#include "test/zipped.hpp"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

using namespace weir;
using namespace weir::test;

BOOST_AUTO_TEST_SUITE(http)

BOOST_AUTO_TEST_CASE(a_post_is_a_message) {
    http_fixture port;
    auto client = port.client();
    const answer first = client.ask(post("one"));
    BOOST_TEST(first.status == 204u);
    BOOST_TEST(first["Date"].size() == 29u);
    BOOST_TEST(client.ask(post("two\nlines", "/in/topic")).status == 204u);
    BOOST_TEST(client
                   .ask("PUT / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "3\r\nthr\r\n2;x\r\nee\r\n0\r\n\r\n")
                   .status == 204u);
    BOOST_TEST(port.messages() == "[one][two\nlines][three]");
    BOOST_TEST(port.books.received_messages.value() == 3u);
    BOOST_TEST(port.books.received_bytes.value() == 17u);
    BOOST_TEST(port.books.connections.value() == 1);
    BOOST_TEST(port.books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(bodies_are_split) {
    http_fixture port;
    auto client = port.client();
    const char* ndjson = "Content-Type: Application/X-NDJSON; charset=utf-8\r\n";
    client.ask(post("1\r\n\n2\n3", "/", ndjson));
    client.ask(post("4\n5\n", "/?split=lines"));
    client.ask(post("[6, {\"a\":\n7}]", "/in/x?split=array", ndjson));
    client.ask(post("8\n9"));
    BOOST_TEST(port.messages() == "[1][2][3][4][5][6][{\"a\":\n7}][8\n9]");
    BOOST_TEST(client.ask(post("[1", "/?split=array")).status == 400u);
    BOOST_TEST(client.ask(post("1", "/?split=words")).status == 400u);
    BOOST_TEST(port.refused(refusal::bad_request) == 2u);
    BOOST_TEST(client.ask(post("")).status == 400u);
    BOOST_TEST(client.ask(post("\n\n", "/?split=lines")).status == 400u);
    BOOST_TEST(client.ask(post("[]", "/?split=array")).status == 400u);
    BOOST_TEST(port.refused(refusal::empty) == 3u);
    BOOST_TEST(client.ask(post("still here")).status == 204u);
    BOOST_TEST(port.messages() == "[still here]");
}

BOOST_AUTO_TEST_CASE(encodings) {
    http_fixture port(",max-body=1000");
    auto client = port.client();
    const char* gzipped = "Content-Encoding: gzip\r\n";
    BOOST_TEST(client.ask(post(zipped("packed"), "/", gzipped)).status == 204u);
    BOOST_TEST(port.messages() == "[packed]");
    BOOST_TEST(client.ask(post(zipped(std::string(100'000, 'x')), "/", gzipped)).status == 413u);
    BOOST_TEST(port.refused(refusal::oversize) == 1u);
    BOOST_TEST(client.ask(post("not gzip", "/", gzipped)).status == 400u);
    const answer other = client.ask(post("x", "/", "Content-Encoding: br\r\n"));
    BOOST_TEST(other.status == 415u);
    BOOST_TEST(other["Accept-Encoding"] == "gzip, deflate, zstd");
    BOOST_TEST(other["Content-Type"] == "application/json");
    BOOST_TEST(other["X-Content-Type-Options"] == "nosniff");
    BOOST_TEST(other.body == "{\"error\":\"Content-Encoding must be gzip, deflate or zstd\"}\n");
    BOOST_TEST(client.ask(post("plain")).status == 204u);
}

BOOST_AUTO_TEST_CASE(a_hundred_pipelined_requests_are_answered_in_order) {
    http_fixture port;
    auto client = port.client();
    std::string requests;
    std::string posted;
    for (int i = 0; i < 100; ++i) {
        requests += get("/hello?" + std::to_string(i)) + post(std::to_string(i));
        posted += "[" + std::to_string(i) + "]";
    }
    client.send(requests);
    for (int i = 0; i < 100; ++i) {
        BOOST_TEST(client.receive_answer().body == "/hello?" + std::to_string(i));
        BOOST_TEST(client.receive_answer().status == 204u);
    }
    BOOST_TEST(port.messages() == posted);
}

// More than is written at once, and more than the kernel takes before the client reads.
BOOST_AUTO_TEST_CASE(many_large_answers_wait_for_the_client) {
    http_fixture port;
    auto client = port.client();
    const std::string query(8000, 'q');
    std::string requests;
    for (int i = 0; i < 2000; ++i)
        requests += get("/hello?" + query + std::to_string(i));
    auto sent = std::async(std::launch::async, [&] { client.send(requests); });
    std::size_t in_order = 0;
    for (int i = 0; i < 2000; ++i)
        in_order += client.receive_answer().body == "/hello?" + query + std::to_string(i);
    BOOST_TEST(in_order == 2000u);
    sent.wait();
    client.send(get("/hello?last"));
    BOOST_TEST(client.receive_answer().body == "/hello?last");
}

BOOST_AUTO_TEST_CASE(routes_and_methods) {
    http_fixture port(",metrics=off");
    auto client = port.client();
    BOOST_TEST(client.ask(get("/h%65llo?a=%20b")).body == "/hello?a=%20b");
    const answer head = client.ask(get("/hello", "", "HEAD"), true);
    BOOST_TEST(head.status == 200u);
    BOOST_TEST(head["Content-Length"] == "7");
    BOOST_TEST(client.ask(get("/nowhere")).status == 404u);
    BOOST_TEST(client.ask(get("/closed")).status == 404u); // metrics=off
    BOOST_TEST(client.ask(get("/in/")).status == 404u);
    BOOST_TEST(client.ask(get("/%zz")).status == 400u);
    BOOST_TEST(port.refused(refusal::bad_request) == 1u); // a GET for nothing is no message
    BOOST_TEST(client.ask(post("x", "/nowhere")).status == 404u);
    const answer posted = client.ask(post("x", "/hello"));
    BOOST_TEST(posted.status == 405u);
    BOOST_TEST(posted["Allow"] == "OPTIONS, GET, HEAD");
    BOOST_TEST(port.refused(refusal::bad_request) == 3u);
    BOOST_TEST(client.ask(get("/in/x"))["Allow"] == "OPTIONS, POST, PUT");
    BOOST_TEST(client.ask(get("/hello", "", "DELETE")).status == 405u);
    BOOST_TEST(client.ask(get("/hello", "", "BREW")).status == 405u);
    BOOST_TEST(client.ask(get("*", "", "OPTIONS")).status == 204u);
    for (const char* path : {"/live", "/ws"}) {
        const answer plain = client.ask(get(path));
        BOOST_TEST(plain.status == 426u);
        BOOST_TEST(plain["Upgrade"] == "websocket");
    }
}

BOOST_AUTO_TEST_CASE(answers_that_take_time_come_in_order) {
    http_fixture port;
    auto client = port.client();
    std::string requests;
    for (int i = 0; i < 50; ++i)
        requests += get("/later/a%2Fb?" + std::to_string(i)) + get("/hello?" + std::to_string(i));
    client.send(requests);
    for (int i = 0; i < 50; ++i) {
        BOOST_TEST(client.receive_answer().body ==
                   "/later/a/b?" + std::to_string(i) + " /later/a%2Fb h");
        BOOST_TEST(client.receive_answer().body == "/hello?" + std::to_string(i));
    }
    BOOST_TEST(client.ask(get("/later/x", "", "HEAD"), true).status == 200u);
    BOOST_TEST(client.ask(get("/later/never")).status == 503u); // dropped without an answer
    BOOST_TEST(client.ask(get("/later")).status == 404u);
    BOOST_TEST(client.ask(get("/later/on/x")).body == "/later/on/x?"); // the longest that fits
    BOOST_TEST(client.ask(post("x", "/later/x")).status == 405u);
    BOOST_TEST(client.ask(get("/later/x", "Connection: close\r\n"))["Connection"] == "close");
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(a_client_that_goes_before_its_late_answer_leaves_no_trace) {
    http_fixture port;
    for (int i = 0; i < 20; ++i)
        port.client().send(get("/later/x"));
    BOOST_TEST(port.ask(get("/later/x")).status == 200u);
}

BOOST_AUTO_TEST_CASE(ingest_can_be_switched_off) {
    http_fixture port(",ingest=off,live=off");
    BOOST_TEST(port.ask(post("x")).status == 404u);
    BOOST_TEST(port.ask(upgrade("/ws")).status == 404u);
    BOOST_TEST(port.ask(upgrade("/live")).status == 404u);
    BOOST_TEST(port.ask(get("/hello")).status == 200u);
}

BOOST_AUTO_TEST_CASE(connections_are_kept_as_asked) {
    http_fixture port;
    auto closes = port.client();
    BOOST_TEST(closes.ask(post("a", "/", "Connection: close\r\n"))["Connection"] == "close");
    BOOST_TEST(closes.closed());
    auto old = port.client();
    BOOST_TEST(old.ask("GET /hello HTTP/1.0\r\n\r\n").status == 200u);
    BOOST_TEST(old.closed());
    auto old_kept = port.client();
    for (int i = 0; i < 2; ++i)
        BOOST_TEST(
            old_kept.ask("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")["Connection"] ==
            "keep-alive");
}

// Every one is answered once and closed, and what stands behind it is never taken for a request.
BOOST_AUTO_TEST_CASE(nothing_is_smuggled) {
    http_fixture port;
    const std::string smuggled = post("smuggled");
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\n";
    const std::vector<std::string> attempts{
        head + "Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nG",
        head + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        head + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        head + "Content-Length: 0\r\nContent-Length: 7\r\n\r\n",
        head + "Content-Length : 0\r\n\r\n",
        head + "X: y\r\n Content-Length: 7\r\n\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\n0\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx",
        "POST / HTTP/1.1\r\nHost: a\r\nHost: b\r\nContent-Length: 1\r\n\r\nx",
        "GET / HTTP/1.1\nHost: h\n\n",
    };
    for (const std::string& attempt : attempts) {
        auto client = port.client();
        const answer got = client.ask(attempt + smuggled);
        BOOST_TEST(got.status == 400u, attempt);
        BOOST_TEST(got["Connection"] == "close");
        BOOST_TEST(client.closed());
    }
    BOOST_TEST(port.messages() == "");
    BOOST_TEST(port.refused(refusal::bad_request) == attempts.size());
}

BOOST_AUTO_TEST_CASE(limits) {
    http_fixture port(",max-body=10,max-header=300");
    BOOST_TEST(port.ask("POST / HTTP/1.1\r\nHost: h\r\n\r\n").status == 411u);
    BOOST_TEST(port.ask(post("0123456789")).status == 204u);
    auto early = port.client(); // before any of the body is sent
    BOOST_TEST(early.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n").status ==
               413u);
    BOOST_TEST(early.closed());
    BOOST_TEST(
        port.ask("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n6\r\n012345"
                 "\r\n5\r\n")
            .status == 413u);
    BOOST_TEST(port.ask("GET /" + std::string(300, 'a')).status == 431u);
    BOOST_TEST(port.refused(refusal::oversize) == 3u);
    BOOST_TEST(port.refused(refusal::bad_request) == 1u);
}

BOOST_AUTO_TEST_CASE(the_answer_arrives_although_the_body_was_not_read) {
    http_fixture port(",max-body=10");
    auto client = port.client();
    const std::string body(4u << 20, 'x');
    auto sent = std::async(std::launch::async, [&] { client.send(post(body)); });
    BOOST_TEST(client.receive_answer().status == 413u);
    sent.wait();
}

BOOST_AUTO_TEST_CASE(who_asks_first_is_told_to_go_on) {
    http_fixture port(",max-body=10,token=t");
    const std::string expects = "Authorization: Bearer t\r\nExpect: 100-continue\r\n";
    auto client = port.client();
    const auto head = [](const std::string& fields, int length) {
        return "POST / HTTP/1.1\r\nHost: h\r\n" + fields +
               "Content-Length: " + std::to_string(length) + "\r\n\r\n";
    };
    BOOST_TEST(client.ask(head(expects, 4)).status == 100u);
    BOOST_TEST(client.ask("body").status == 204u);
    BOOST_TEST(client.ask(head(expects, 4) + "more").status == 204u); // who didn't wait gets no 100
    BOOST_TEST(client.ask(head(expects, 11)).status == 413u);
    BOOST_TEST(client.closed());
    auto stranger = port.client();
    BOOST_TEST(stranger.ask(head("Expect: 100-continue\r\n", 4)).status == 401u);
    BOOST_TEST(stranger.closed());
    BOOST_TEST(port.messages() == "[body][more]");
}

BOOST_AUTO_TEST_CASE(tokens) {
    http_fixture port(",token=s3cret");
    auto client = port.client();
    const answer without = client.ask(post("a"));
    BOOST_TEST(without.status == 401u);
    BOOST_TEST(without["WWW-Authenticate"] == "Bearer");
    BOOST_TEST(client.ask(post("b", "/", "Authorization: Bearer s3creT\r\n")).status == 401u);
    BOOST_TEST(client.ask(post("c", "/", "Authorization: Basic s3cret\r\n")).status == 401u);
    for (const char* wrong : {"czNjcmV0", "czNjcmV0Og==", "YTpzM2NyZQ==", "YTpzM2NyZXQx"})
        BOOST_TEST( // "s3cret", "s3cret:", "a:s3cre", "a:s3cret1"
            client.ask(post("c", "/", "Authorization: Basic " + std::string(wrong) + "\r\n"))
                .status == 401u);
    BOOST_TEST(client.ask(post("d", "/?access_token=s3cre")).status == 401u);
    BOOST_TEST(client.ask(get("/closed")).status == 401u);
    BOOST_TEST(client.ask(upgrade("/live")).status == 401u);
    BOOST_TEST(client.ask(upgrade("/ws")).status == 401u);
    BOOST_TEST(client.ask(get("/events")).status == 401u);
    BOOST_TEST(port.refused(refusal::unauthorized) == 12u);
    BOOST_TEST(client.ask(get("/hello")).status == 200u);
    BOOST_TEST(client.ask(post("e", "/", "Authorization: bearer s3cret\r\n")).status == 204u);
    BOOST_TEST(client.ask(post("f", "/?access_token=s3cr%65t")).status == 204u);
    BOOST_TEST(client.ask(get("/closed?access_token=s3cret")).status == 200u);
    for (const char* right : {"OnMzY3JldA==", "YTpzM2NyZXQ="}) // ":s3cret", "a:s3cret"
        BOOST_TEST(client.ask(post("g", "/", "Authorization: basic " + std::string(right) + "\r\n"))
                       .status == 204u);
    BOOST_TEST(port.messages() == "[e][f][g][g]");
}

BOOST_AUTO_TEST_CASE(origins) {
    http_fixture port(",origins=https://good.example,http://too.example:81");
    auto client = port.client();
    const auto from = [](std::string_view origin) {
        return "Origin: " + std::string(origin) + "\r\n";
    };
    for (const char* origin : {"https://good.example", "http://too.example:81", "http://h"}) {
        const answer allowed = client.ask(post("a", "/", from(origin)));
        BOOST_TEST(allowed.status == 204u);
        BOOST_TEST(allowed["Access-Control-Allow-Origin"] == origin);
        BOOST_TEST(allowed["Access-Control-Allow-Credentials"] == "true");
        BOOST_TEST(allowed["Vary"] == "Origin");
    }
    BOOST_TEST(port.messages() == "[a][a][a]");
    for (const char* origin : {"https://evil.example", "http://good.example", "null",
                               "https://good.example.evil", "http://h:81"}) {
        const answer foreign = client.ask(post("b", "/", from(origin)));
        BOOST_TEST(foreign.status == 403u);
        BOOST_TEST(foreign["Access-Control-Allow-Origin"] == "");
        BOOST_TEST(client.ask(upgrade("/ws", from(origin))).status == 403u);
        BOOST_TEST(client.ask(upgrade("/live", from(origin))).status == 403u);
    }
    BOOST_TEST(port.refused(refusal::not_allowed) == 15u);
    const std::string asks = "Access-Control-Request-Method: POST\r\n"
                             "Access-Control-Request-Headers: content-type\r\n";
    const answer preflight =
        client.ask(get("/in/x", from("https://good.example") + asks, "OPTIONS"));
    BOOST_TEST(preflight.status == 204u);
    BOOST_TEST(preflight["Access-Control-Allow-Origin"] == "https://good.example");
    BOOST_TEST(preflight["Access-Control-Allow-Methods"] == "OPTIONS, POST, PUT");
    BOOST_TEST(preflight["Access-Control-Allow-Headers"] ==
               "Authorization, Content-Type, Content-Encoding");
    BOOST_TEST(preflight["Access-Control-Max-Age"] == "7200");
    BOOST_TEST(client.ask(get("/", from("https://evil.example") + asks, "OPTIONS")).status == 403u);
    BOOST_TEST(port.messages() == "");
}

BOOST_AUTO_TEST_CASE(any_origin) {
    http_fixture port(",origins=*");
    BOOST_TEST(port.ask(post("a", "/", "Origin: null\r\n"))["Access-Control-Allow-Origin"] ==
               "null");
}

BOOST_AUTO_TEST_CASE(slow_requests_end_in_408) {
    http_fixture port(",header-timeout=20ms,body-timeout=20ms");
    auto head = port.client();
    BOOST_TEST(head.ask("GET / HTT").status == 408u);
    BOOST_TEST(head.closed());
    auto body = port.client();
    BOOST_TEST(body.ask("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo").status ==
               408u);
    BOOST_TEST(body.closed());
    BOOST_TEST(port.refused(refusal::timeout) == 2u);
}

BOOST_AUTO_TEST_CASE(idle_connections_are_closed_without_a_word) {
    http_fixture port(",idle-timeout=20ms");
    auto client = port.client();
    BOOST_TEST(client.ask(post("a")).status == 204u);
    BOOST_TEST(client.closed());
    BOOST_TEST(port.books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(a_request_that_breaks_off_is_counted) {
    http_fixture port;
    {
        auto client = port.client();
        client.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nbo");
        client.end();
        BOOST_TEST(client.closed());
    }
    BOOST_TEST(port.refused(refusal::bad_request) == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_queue) {
    queue_options small;
    small.slots = 4;
    small.policy = when_full::drop_newest;
    http_fixture drops("", small);
    auto client = drops.client();
    answer last;
    while ((last = client.ask(post("x"))).status == 204u)
        ;
    BOOST_TEST(last.status == 503u);
    BOOST_TEST(last["Retry-After"] == "1");
    BOOST_TEST(drops.refused(refusal::queue_full) == 1u);
    drops.messages();
    BOOST_TEST(client.ask(post("x")).status == 204u);
}

BOOST_AUTO_TEST_CASE(a_queue_that_blocks) {
    queue_options small;
    small.slots = 4;
    small.policy = when_full::block;
    http_fixture blocks(",body-timeout=50ms", small);
    auto client = blocks.client();
    answer last;
    while ((last = client.ask(post("x"))).status == 204u)
        ;
    BOOST_TEST(last.status == 503u);
    BOOST_TEST(last["Retry-After"] == "1");
    BOOST_TEST(blocks.refused(refusal::queue_full) == 1u);

    http_fixture waits("", small); // for 10 s, and by then somebody reads
    auto patient = waits.client();
    std::string requests;
    for (int i = 0; i < 20; ++i)
        requests += post(std::to_string(i));
    patient.send(requests);
    std::string taken;
    BOOST_TEST(eventually([&] { return (taken += waits.messages()).ends_with("[19]"); }));
    for (int i = 0; i < 20; ++i)
        BOOST_TEST(patient.receive_answer().status == 204u);
    BOOST_TEST(waits.books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(a_closed_queue) {
    http_fixture port;
    port.destination->close();
    auto client = port.client();
    const answer got = client.ask(post("x"));
    BOOST_TEST(got.status == 503u);
    BOOST_TEST(got["Connection"] == "close");
    BOOST_TEST(client.closed());
    BOOST_TEST(port.refused(refusal::closing) == 1u);
}

BOOST_AUTO_TEST_CASE(stopping_finishes_what_is_under_way) {
    http_fixture port;
    auto idle = port.client();
    idle.ask(post("before"));
    auto busy = port.client();
    BOOST_TEST(busy.ask("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
                        "Content-Length: 4\r\n\r\n")
                   .status == 100u);
    port.port->stop();
    BOOST_TEST(idle.closed());
    const answer last = busy.ask("body");
    BOOST_TEST(last.status == 204u);
    BOOST_TEST(last["Connection"] == "close");
    BOOST_TEST(busy.closed());
    BOOST_TEST(port.ended());
    BOOST_TEST(port.messages() == "[before][body]");
}

BOOST_AUTO_TEST_CASE(an_upgraded_connection_is_handed_over_with_what_came_early) {
    http_fixture port;
    auto client = port.client();
    auto taken = port.taken_over.get_future();
    const answer switched = client.ask(upgrade("/live?since=5") + "early");
    BOOST_TEST(switched.status == 101u);
    BOOST_TEST(switched["Sec-WebSocket-Accept"] == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    BOOST_TEST(switched["Upgrade"] == "websocket");
    websocket_connection fresh = taken.get();
    BOOST_TEST(fresh.query == "since=5");
    BOOST_TEST(fresh.early == "early");
    BOOST_TEST(fresh.admitted);
    BOOST_TEST(port.books.connections.value() == 1);
    port.port->stop();
    BOOST_TEST(port.ended()); // and the connection goes on without the port
    fresh.socket.write_some(boost::asio::buffer("hello", 5));
    BOOST_TEST(client.receive(5) == "hello");
    fresh.admitted.reset();
    BOOST_TEST(port.books.connections.value() == 0);
}

BOOST_AUTO_TEST_CASE(a_stream_is_handed_over_behind_its_head) {
    http_fixture port(",origins=https://good.example");
    auto client = port.client();
    auto taken = port.taken_over.get_future();
    BOOST_TEST(client.ask(get("/hello")).status == 200u);
    const answer begun =
        client.ask(get("/events?x", "Last-Event-ID: 41\r\nOrigin: https://good.example\r\n"));
    BOOST_TEST(begun.status == 200u);
    BOOST_TEST(begun["Content-Type"] == "text/event-stream");
    BOOST_TEST(begun["Connection"] == "close");
    BOOST_TEST(begun["Content-Length"] == "");
    BOOST_TEST(begun["X-Last"] == "41");
    BOOST_TEST(begun["Access-Control-Allow-Origin"] == "https://good.example");
    websocket_connection fresh = taken.get();
    BOOST_TEST(fresh.query == "x");
    BOOST_TEST(fresh.last_event_id == "41");
    BOOST_TEST(port.books.connections.value() == 1);
    fresh.socket.write_some(boost::asio::buffer("hello", 5));
    BOOST_TEST(client.receive(5) == "hello");
}

BOOST_AUTO_TEST_CASE(what_a_route_does_not_admit_is_answered_instead) {
    http_fixture port;
    auto client = port.client();
    BOOST_TEST(client.ask(get("/events?no")).status == 400u);
    BOOST_TEST(client.ask(upgrade("/live?no")).status == 400u);
    BOOST_TEST(client.ask(get("/events", "Origin: https://evil.example\r\n")).status == 403u);
    BOOST_TEST(client.ask(post("x", "/events")).status == 405u);
    BOOST_TEST(client.ask(get("/hello")).status == 200u); // the connection goes on
    BOOST_TEST(client.ask(get("/events", "", "HEAD"), true).status == 200u);
    BOOST_TEST(client.closed());
}

BOOST_AUTO_TEST_CASE(paths_of_websockets) {
    http_fixture port(",live-path=/ws,ingest-path=/send");
    auto taken = port.taken_over.get_future();
    auto sending = port.client();
    BOOST_TEST(sending.ask(upgrade("/send")).status == 101u);
    auto listening = port.client();
    BOOST_TEST(listening.ask(upgrade("/ws?as=live")).status == 101u);
    BOOST_TEST(taken.get().query == "as=live");
    BOOST_TEST(port.ask(get("/live")).status == 426u); // there, too
    for (const char* wrong :
         {",live-path=/ws", ",ingest-path=/live", ",live-path=ws", ",live-path=/a?b",
          ",ingest-path=", ",ingest-path=/hello", ",live-path=/events"})
        BOOST_CHECK_THROW(http_fixture{wrong}, usage_error);
    http_fixture silent(",live=off,ingest-path=/live");
    BOOST_TEST(silent.ask(upgrade("/live")).status == 101u);
    BOOST_TEST(silent.ask(get("/events")).status == 404u);
}

BOOST_AUTO_TEST_CASE(handshakes_that_are_none) {
    http_fixture port;
    auto client = port.client();
    const std::string fields = "Connection: Upgrade\r\nUpgrade: websocket\r\n";
    const std::string key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    const answer old = client.ask(get("/ws", fields + key + "Sec-WebSocket-Version: 8\r\n"));
    BOOST_TEST(old.status == 426u);
    BOOST_TEST(old["Sec-WebSocket-Version"] == "13");
    const std::string v13 = "Sec-WebSocket-Version: 13\r\n";
    BOOST_TEST(client.ask(get("/ws", fields + v13)).status == 400u);
    BOOST_TEST(client.ask(get("/ws", fields + v13 + "Sec-WebSocket-Key: c2hvcnQ=\r\n")).status ==
               400u);
    BOOST_TEST(client.ask(get("/ws", v13 + key)).status == 426u);
}

BOOST_AUTO_TEST_CASE(beasts_own_client) {
    namespace beast = boost::beast;
    namespace asio = boost::asio;
    http_fixture port;
    asio::io_context context;
    asio::ip::tcp::socket socket(context);
    const std::string bound = port.port->bound();
    socket.connect({asio::ip::make_address("127.0.0.1"),
                    static_cast<std::uint16_t>(std::stoul(bound.substr(bound.rfind(':') + 1)))});
    beast::flat_buffer buffer;
    for (int i = 0; i < 3; ++i) {
        beast::http::request<beast::http::string_body> request(beast::http::verb::post, "/", 11);
        request.set(beast::http::field::host, "h");
        request.body() = std::string(100'000, 'a');
        if (i == 1)
            request.chunked(true);
        request.prepare_payload();
        beast::http::write(socket, request);
        beast::http::response<beast::http::string_body> response;
        beast::http::read(socket, buffer, response);
        BOOST_TEST(response.result_int() == 204u);
    }
    BOOST_TEST(port.messages().size() == 300'006u);
}

BOOST_AUTO_TEST_CASE(options_are_checked) {
    for (const char* wrong : {",origins=example.com", ",origins=https://a/b", ",max-body=2GiB",
                              ",max-body=0", ",max-header=1"}) {
        queue_options none;
        BOOST_CHECK_THROW(http_fixture(wrong, none), usage_error);
    }
}

BOOST_AUTO_TEST_SUITE_END()
