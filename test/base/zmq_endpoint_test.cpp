#include "base/zmq_endpoint.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

BOOST_AUTO_TEST_SUITE(zmq_endpoint)

BOOST_AUTO_TEST_CASE(to_bind) {
    BOOST_TEST(zmq_bind_endpoint(parse_address(":5556")) == "tcp://*:5556");
    BOOST_TEST(zmq_bind_endpoint(parse_address("127.0.0.1:0")) == "tcp://127.0.0.1:0");
    BOOST_TEST(zmq_bind_endpoint(parse_address("[::1]:5556")) == "tcp://[::1]:5556");
    BOOST_TEST(zmq_bind_endpoint(parse_address("unix:/run/weir.sock")) == "ipc:///run/weir.sock");
    BOOST_TEST(zmq_bind_endpoint(parse_address("unix:weir.sock")) == "ipc://weir.sock");
}

BOOST_AUTO_TEST_CASE(to_connect) {
    BOOST_TEST(zmq_connect_endpoint(parse_address(":5556")) == "tcp://127.0.0.1:5556");
    BOOST_TEST(zmq_connect_endpoint(parse_address("hub.example.org:5556")) ==
               "tcp://hub.example.org:5556");
    BOOST_TEST(zmq_connect_endpoint(parse_address("[::1]:5556")) == "tcp://[::1]:5556");
    BOOST_TEST(zmq_connect_endpoint(parse_address("unix:weir.sock")) == "ipc://weir.sock");
}

BOOST_AUTO_TEST_CASE(ipv6_is_asked_for_where_it_is_meant) {
    BOOST_TEST(zmq_needs_ipv6("tcp://*:5556"));
    BOOST_TEST(zmq_needs_ipv6("tcp://[::1]:5556"));
    BOOST_TEST(!zmq_needs_ipv6("tcp://127.0.0.1:5556"));
    BOOST_TEST(!zmq_needs_ipv6("tcp://hub.example.org:5556"));
    BOOST_TEST(!zmq_needs_ipv6("ipc:///run/weir.sock"));
}

BOOST_AUTO_TEST_CASE(as_weir_writes_it) {
    BOOST_TEST(from_zmq_endpoint("tcp://[::]:5556") == "[::]:5556");
    BOOST_TEST(from_zmq_endpoint("tcp://0.0.0.0:5556") == "0.0.0.0:5556");
    BOOST_TEST(from_zmq_endpoint("ipc:///run/weir.sock") == "unix:/run/weir.sock");
}

BOOST_AUTO_TEST_SUITE_END()
