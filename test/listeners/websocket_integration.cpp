#include "test/listeners/http_fixture.hpp"
#include "wire/websocket_frame.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/websocket.hpp>

using namespace weir;
using namespace weir::test;

namespace {

std::string frame(opcode op, std::string_view payload, bool fin = true) {
    std::string out;
    append_masked_frame(out, op, fin, payload, {'\x37', '\xfa', '\x21', '\x3d'});
    return out;
}

std::string close_frame(std::uint16_t code) {
    return frame(opcode::close, std::string{static_cast<char>(code >> 8), static_cast<char>(code)});
}

// A client after its handshake, which reads the server's small frames.
class ws_client : public http_client {
public:
    explicit ws_client(http_fixture& port, std::string_view early = "", std::string_view at = "/ws")
        : http_client(port.port->bound()) {
        BOOST_TEST(ask(upgrade(at) + std::string(early)).status == 101u);
    }
    std::string receive_frame() { // its first byte, then the payload; "" is the end
        const std::string head = receive(2);
        return head.empty() ? head
                            : head.substr(0, 1) + receive(static_cast<unsigned char>(head[1]));
    }
    // The code of the Close that is next, after which the server says nothing more.
    unsigned receive_close() {
        const std::string got = receive_frame();
        BOOST_TEST(got.size() >= 3u);
        if (got.size() < 3 || got[0] != '\x88')
            return 0;
        BOOST_TEST(closed());
        return static_cast<unsigned char>(got[1]) * 256u + static_cast<unsigned char>(got[2]);
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(websocket)

BOOST_AUTO_TEST_CASE(messages_in_frames_of_all_kinds) {
    http_fixture port;
    ws_client client(port, frame(opcode::text, "early"));
    client.send(frame(opcode::text, "text") + frame(opcode::binary, "bi\nna\xffry") +
                frame(opcode::text, "in ", false) + frame(opcode::ping, "are you there") +
                frame(opcode::continuation, "fragments") + close_frame(1000));
    BOOST_TEST(client.receive_frame() == "\x8a"
                                         "are you there");
    BOOST_TEST(client.receive_close() == 1000u);
    BOOST_TEST(port.messages() == "[early][text][bi\nna\xffry][in fragments]");
    BOOST_TEST(port.ws_books.received_messages.value() == 4u);
    BOOST_TEST(port.ws_books.received_bytes.value() == 29u);
    BOOST_TEST(port.books.received_messages.value() == 0u);
    BOOST_TEST(port.ws_books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(any_chunking) {
    http_fixture port;
    ws_client client(port);
    std::string stream;
    std::string expected;
    for (int i = 0; i < 50; ++i) {
        const std::string message(static_cast<std::size_t>(i * i + 1),
                                  static_cast<char>('a' + i % 26));
        stream += frame(i % 2 ? opcode::text : opcode::binary, message);
        expected += "[" + message + "]";
    }
    for (std::size_t at = 0, size = 1; at < stream.size(); at += size, size = size * 3 % 1021)
        client.send(std::string_view(stream).substr(at, size));
    client.send(close_frame(1000));
    BOOST_TEST(client.receive_close() == 1000u);
    BOOST_TEST((port.messages() == expected));
}

BOOST_AUTO_TEST_CASE(faults_and_their_codes) {
    http_fixture port(",max-body=2000");
    std::string fragments = frame(opcode::text, "a", false);
    for (int i = 0; i < 1100; ++i)
        fragments += frame(opcode::continuation, "b", false);
    std::string pings;
    for (int i = 0; i < 200; ++i)
        pings += frame(opcode::ping, "");
    struct {
        const char* what;
        std::string bytes;
        unsigned code;
    } const faults[] = {
        {"too long", frame(opcode::binary, std::string(2001, 'x')), 1009},
        {"not UTF-8", frame(opcode::text, "\xff"), 1007},
        {"not masked",
         "\x81\x01"
         "a",
         1002},
        {"a reserved bit",
         "\xc1\x80"
         "abcd",
         1002},
        {"a continuation of nothing", frame(opcode::continuation, "a"), 1002},
        {"too many fragments", fragments, 1008},
    };
    for (const auto& [what, bytes, code] : faults) {
        ws_client client(port);
        client.send(frame(opcode::text, "before") + bytes);
        BOOST_TEST(client.receive_close() == code, what);
        BOOST_TEST(port.messages() == "[before]");
    }
    BOOST_TEST(port.ws_refused(refusal::oversize) == 1u);
    BOOST_TEST(port.ws_refused(refusal::bad_frame) == 5u);

    ws_client client(port);
    client.send(pings);
    std::string last = client.receive_frame();
    while (last == "\x8a")
        last = client.receive_frame();
    BOOST_TEST(last.substr(0, 3) == "\x88\x03\xf0"); // 1008
    BOOST_TEST(port.ws_refused(refusal::bad_frame) == 6u);
}

BOOST_AUTO_TEST_CASE(empty_messages_are_refused_and_counted) {
    http_fixture port;
    ws_client client(port);
    client.send(frame(opcode::text, "") + frame(opcode::binary, "") + close_frame(1000));
    BOOST_TEST(client.receive_close() == 1000u);
    BOOST_TEST(port.ws_refused(refusal::empty) == 2u);
}

BOOST_AUTO_TEST_CASE(a_message_that_breaks_off_is_counted) {
    http_fixture port;
    {
        ws_client client(port);
        client.send(frame(opcode::text, "whole") + frame(opcode::text, "half").substr(0, 8));
        client.end();
        BOOST_TEST(client.closed());
    }
    BOOST_TEST(port.messages() == "[whole]");
    BOOST_TEST(port.ws_refused(refusal::bad_frame) == 1u);
}

BOOST_AUTO_TEST_CASE(the_silent_are_pinged_and_the_dead_dropped) {
    http_fixture port(",idle-timeout=60ms");
    ws_client client(port);
    for (int i = 0; i < 3; ++i) {
        BOOST_TEST(client.receive_frame() == "\x89");
        client.send(frame(opcode::pong, ""));
    }
    BOOST_TEST(client.receive_frame() == "\x89");
    BOOST_TEST(client.closed());
    BOOST_TEST(eventually([&] { return port.books.connections.value() == 0; }));
    BOOST_TEST(port.ws_books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(stopping_says_goodbye_and_takes_what_comes_until_the_answer) {
    http_fixture port;
    ws_client client(port);
    port.port->stop();
    const std::string bye = client.receive_frame();
    BOOST_TEST(bye.substr(0, 3) == "\x88\x03\xe9"); // 1001
    client.send(frame(opcode::text, "last") + close_frame(1001));
    BOOST_TEST(client.closed());
    BOOST_TEST(port.ended());
    BOOST_TEST(port.messages() == "[last]");
    BOOST_TEST(port.ws_books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(who_does_not_answer_the_goodbye_is_left) {
    http_fixture port;
    ws_client client(port);
    port.port->stop();
    BOOST_TEST(client.receive_frame().substr(0, 3) == "\x88\x03\xe9");
    BOOST_TEST(port.ended());
}

BOOST_AUTO_TEST_CASE(a_queue_that_blocks_holds_the_sender_back) {
    queue_options small;
    small.slots = 4;
    small.policy = when_full::block;
    http_fixture port("", small);
    ws_client client(port);
    const std::string message(10'000, 'x');
    auto sent = std::async(std::launch::async, [&] {
        for (int i = 0; i < 2000; ++i)
            client.send(frame(opcode::binary, message));
    });
    std::size_t taken = 0;
    BOOST_TEST(eventually([&] {
        while (batch_ptr next = port.reader->try_take())
            taken += next->size();
        return taken == 2000;
    }));
    sent.wait();
    BOOST_TEST(port.ws_books.refused_messages.total() == 0u);
}

BOOST_AUTO_TEST_CASE(a_port_for_websockets_alone) {
    http_fixture port(",max-message=100,token=t", {}, http_fixture::kind::ws);
    BOOST_TEST(port.ask(upgrade("/any/path")).status == 401u);
    BOOST_TEST(port.ask(get("/?access_token=t")).status == 426u);
    BOOST_TEST(port.ask(post("x", "/?access_token=t")).status == 405u);
    BOOST_TEST(port.ask(upgrade("/", "Origin: http://evil.example\r\n")).status == 403u);
    ws_client client(port, "", "/any/path?access_token=t");
    client.send(frame(opcode::text, "message") + frame(opcode::text, std::string(101, 'x')));
    BOOST_TEST(client.receive_close() == 1009u);
    BOOST_TEST(port.messages() == "[message]");
    BOOST_TEST(port.ws_books.received_messages.value() == 1u);
    BOOST_TEST(port.ws_refused(refusal::oversize) == 1u);
}

BOOST_AUTO_TEST_CASE(beasts_own_client) {
    namespace asio = boost::asio;
    namespace beast = boost::beast;
    http_fixture port;
    asio::io_context context;
    beast::websocket::stream<asio::ip::tcp::socket> stream(context);
    const std::string bound = port.port->bound();
    stream.next_layer().connect(
        {asio::ip::make_address("127.0.0.1"),
         static_cast<std::uint16_t>(std::stoul(bound.substr(bound.rfind(':') + 1)))});
    stream.handshake("h", "/ws");
    const std::string large(300'000, 'x');
    stream.write(asio::buffer("hello", 5));
    stream.auto_fragment(true);
    stream.binary(true);
    stream.write(asio::buffer(large));
    stream.ping("");
    stream.close(beast::websocket::close_code::normal);
    BOOST_TEST((port.messages() == "[hello][" + large + "]"));
}

BOOST_AUTO_TEST_SUITE_END()
