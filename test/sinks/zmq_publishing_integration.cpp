// The sink and real ZeroMQ subscribers on loopback.
#include "sinks/zmq.hpp"
#include "test/sinks/scratch.hpp"
#include "test/sinks/sink_rig.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>
#include <zmq.hpp>

using namespace weir;

namespace {

using rig = sink_rig<zmq_sink, zmq_options>;

zmq_options options(const std::string& text) { return parse_options<zmq_options>(text); }

class subscriber {
public:
    explicit subscriber(const std::string& endpoint, std::string_view prefix = "", int hwm = 0)
        : socket_(context_, zmq::socket_type::sub) {
        socket_.set(zmq::sockopt::linger, 0);
        socket_.set(zmq::sockopt::rcvhwm, hwm);
        socket_.set(zmq::sockopt::rcvbuf, 4096);
        socket_.set(zmq::sockopt::ipv6, true);
        socket_.set(zmq::sockopt::subscribe, std::string(prefix));
        socket_.connect(endpoint);
    }

    // A subscription takes effect some time after it was made: tries until the message comes.
    void await(rig& published_by, const std::string& message) {
        probe_ = message;
        socket_.set(zmq::sockopt::rcvtimeo, 20);
        zmq::message_t got;
        BOOST_REQUIRE(eventually([&] {
            published_by.publish({message});
            return socket_.recv(got).has_value();
        }));
        socket_.set(zmq::sockopt::rcvtimeo, 30'000);
    }

    // The next that is no more of those.
    std::string next() {
        zmq::message_t got;
        do {
            if (!socket_.recv(got))
                return "nothing";
        } while (got.to_string_view().ends_with(probe_));
        return got.to_string();
    }

private:
    zmq::context_t context_;
    zmq::socket_t socket_;
    std::string probe_;
};

std::string tcp(rig& of) { return "tcp://" + of.target(); }

// Enough that no kernel buffers hold it.
void publish_much(rig& to, int messages) {
    for (int i = 0; i < messages; ++i)
        to.publish({std::to_string(i) + ":" + std::string(64 * 1024, 'x')});
}

} // namespace

BOOST_AUTO_TEST_SUITE(zmq_publishing)

BOOST_AUTO_TEST_CASE(a_frame_is_the_topic_a_space_and_the_message) {
    rig sink(options("127.0.0.1:0"));
    subscriber all(tcp(sink));
    all.await(sink, "probe");
    sink.publish({R"({"type":"order","n":1})", "no json", R"({"type":"two words"})", "a\nb"});
    BOOST_TEST(all.next() == R"(order {"type":"order","n":1})");
    BOOST_TEST(all.next() == " no json");
    BOOST_TEST(all.next() == R"(two%20words {"type":"two words"})");
    BOOST_TEST(all.next() == " a\nb");
    sink.drain();
    BOOST_TEST(sink.lost(loss::shutdown) == 0u);
}

BOOST_AUTO_TEST_CASE(subscribers_get_what_begins_as_they_asked_in_order) {
    rig sink(options("[::1]:0"));
    subscriber orders(tcp(sink), "order");
    subscriber others(tcp(sink), "user ");
    orders.await(sink, R"({"type":"order.probe"})");
    others.await(sink, R"({"type":"user","probe":0})");
    for (int i = 0; i < 1000; ++i)
        sink.publish({R"({"type":"order.new","n":)" + std::to_string(i) + "}",
                      R"({"type":"user","n":)" + std::to_string(i) + "}", R"({"type":"users"})"});
    for (int i = 0; i < 1000; ++i) {
        BOOST_TEST_REQUIRE(orders.next() ==
                           R"(order.new {"type":"order.new","n":)" + std::to_string(i) + "}");
        BOOST_TEST_REQUIRE(others.next() ==
                           R"(user {"type":"user","n":)" + std::to_string(i) + "}");
    }
    sink.drain();
}

BOOST_AUTO_TEST_CASE(payloads_can_be_messagepack) {
    rig sink(options("127.0.0.1:0,format=msgpack"));
    subscriber all(tcp(sink));
    all.await(sink, "probe");
    sink.publish({R"({"type":"a","n":[1,-1,1.5]})", "no json", "\xff\xfe"});
    BOOST_TEST(all.next() == std::string("a \x82\xa4type\xa1"
                                         "a\xa1n\x93\x01\xff\xcb\x3f\xf8\0\0\0\0\0\0",
                                         24));
    BOOST_TEST(all.next() == " \xa7no json");
    BOOST_TEST(all.next() == " \xc4\x02\xff\xfe");
    sink.drain();
}

BOOST_AUTO_TEST_CASE(what_nobody_subscribes_to_is_delivered_too) {
    rig sink(options("127.0.0.1:0"));
    for (int i = 0; i < 100; ++i)
        sink.publish({"one", "two"});
    sink.drain();
    BOOST_TEST(sink.delivered() == 200u);
}

BOOST_AUTO_TEST_CASE(all_wait_for_a_slow_one) {
    rig sink(options("127.0.0.1:0,hwm=5"));
    subscriber slow(tcp(sink), "", 1);
    subscriber fast(tcp(sink));
    slow.await(sink, "probe");
    fast.await(sink, "probe");
    publish_much(sink, 500); // more than all that is between holds, and nobody reads yet
    for (subscriber* each : {&slow, &fast})
        for (int i = 0; i < 500; ++i)
            BOOST_TEST_REQUIRE(each->next().starts_with(" " + std::to_string(i) + ":"));
    BOOST_TEST(sink.missed() == 0u);
    sink.drain();
}

BOOST_AUTO_TEST_CASE(what_a_slow_one_keeps_back_is_lost_at_the_end) {
    rig sink(options("127.0.0.1:0,hwm=5"));
    subscriber slow(tcp(sink), "", 1);
    slow.await(sink, "probe");
    const std::uint64_t before = sink.published();
    publish_much(sink, 500);
    sink.stop_now();
    BOOST_TEST(sink.lost(loss::shutdown) + sink.pending() > 0u);
    BOOST_TEST(sink.delivered() < before + 500);
}

BOOST_AUTO_TEST_CASE(a_slow_one_is_passed_over_where_that_is_wished) {
    rig sink(options("127.0.0.1:0,hwm=5,slow=skip"));
    subscriber slow(tcp(sink), "", 1);
    subscriber fast(tcp(sink));
    slow.await(sink, "probe");
    fast.await(sink, "probe");
    for (int i = 0; i < 500; ++i) {
        publish_much(sink, 1);
        BOOST_TEST_REQUIRE(fast.next().starts_with(" 0:"));
    }
    BOOST_TEST(sink.missed() > 0u);
    sink.drain();
    BOOST_TEST(sink.delivered() == sink.published());
}

BOOST_AUTO_TEST_CASE(a_unix_socket_takes_the_place_of_a_dead_one_and_of_nothing_else) {
    const scratch folder;
    const std::string path = folder / "zmq.sock";
    spill(path, "mine");
    BOOST_CHECK_THROW(rig(options("unix:" + path)), startup_error);
    BOOST_TEST(slurp(path) == "mine");
    std::filesystem::remove(path);
    {
        boost::asio::io_context context; // leaves the file, as one that was killed
        boost::asio::local::stream_protocol::acceptor dead(context, {path});
        BOOST_CHECK_THROW(rig(options("unix:" + path)), startup_error);
    }
    rig sink(options("unix:" + path));
    BOOST_TEST(sink.target() == "unix:" + path);
    subscriber all("ipc://" + path);
    all.await(sink, "probe");
    sink.publish({"last"});
    BOOST_TEST(all.next() == " last");
    sink.drain();
}

BOOST_AUTO_TEST_CASE(a_port_in_use_is_named) {
    rig first(options("127.0.0.1:0"));
    try {
        rig second(options(first.target()));
        BOOST_ERROR("opened");
    } catch (const startup_error& fault) {
        BOOST_TEST(fault.what() ==
                   "can't listen on zmq " + first.target() + ": address already in use");
    }
}

BOOST_AUTO_TEST_SUITE_END()
