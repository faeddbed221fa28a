#include "base/error.hpp"
#include "gateway/gateway.hpp"

#include "test/listeners/logged.hpp"
#include "test/listeners/stream_client.hpp"
#include "test/sinks/post_server.hpp"
#include "test/sinks/scratch.hpp"

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <climits>
#include <fmt/format.h>
#include <netinet/in.h>
#include <random>
#include <regex>

using namespace weir;

namespace {

using words = std::vector<std::string>;

settings told(const words& flags) {
    settings out;
    read_command_line(flags, out);
    return out;
}

bool no_hurry() { return false; }

struct running {
    explicit running(const words& flags) : gateway(told(flags)) {
        gateway.open();
        gateway.start();
    }
    ~running() { gateway.stop(no_hurry); }

    bool reload(const words& flags) { return gateway.reload(told(flags), no_hurry); }
    bool refuses(const words& flags) {
        try {
            gateway.reload(told(flags), no_hurry);
            return false;
        } catch (const startup_error&) {
            return true;
        }
    }
    std::string bound(const std::string& flag) const { // its first port
        for (const std::string& line : gateway.introduction())
            if (std::smatch found; std::regex_search(
                    line, found, std::regex("listening +" + flag + " +(?:\\w+://)?([^/]*)/?")))
                return found[1];
        return {};
    }
    std::uint64_t total(const std::string& metric) const { // over every sample with these labels
        std::uint64_t sum = 0;
        std::istringstream text(gateway.books().prometheus_text());
        for (std::string line; std::getline(text, line);)
            if (line.starts_with(metric))
                sum += std::stoull(line.substr(line.rfind(' ')));
        return sum;
    }

    weir::gateway gateway;
};

// A port at every address, and none that the kernel gives to connections.
int free_port() {
    static std::minstd_rand random{std::random_device{}()};
    for (;;) {
        sockaddr_in6 where{};
        where.sin6_family = AF_INET6;
        where.sin6_port =
            htons(std::uniform_int_distribution<std::uint16_t>(10'000, 32'000)(random));
        bool free = true;
        for (const int kind : {SOCK_STREAM, SOCK_DGRAM}) {
            const int probe = ::socket(AF_INET6, kind, 0);
            free = free && ::bind(probe, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0;
            ::close(probe);
        }
        if (free)
            return ntohs(where.sin6_port);
    }
}

// Somebody else, who listens at 127.0.0.2 and so keeps everybody from listening everywhere.
class stranger {
public:
    explicit stranger(int port) {
        sockaddr_in where{};
        where.sin_family = AF_INET;
        where.sin_addr.s_addr = htonl(INADDR_LOOPBACK + 1);
        where.sin_port = htons(static_cast<std::uint16_t>(port));
        BOOST_REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&where), sizeof where) == 0);
        BOOST_REQUIRE(::listen(fd_, 1) == 0);
    }
    ~stranger() { ::close(fd_); }
    stranger(const stranger&) = delete;
    stranger& operator=(const stranger&) = delete;

private:
    int fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

// Does something again and again until it is destroyed.
class hammer {
public:
    explicit hammer(std::function<void()> blow) {
        thread_ = std::thread([this, blow = std::move(blow)] {
            while (!stopping_)
                blow();
        });
    }
    ~hammer() {
        stopping_ = true;
        thread_.join();
    }
    hammer(const hammer&) = delete;
    hammer& operator=(const hammer&) = delete;

private:
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

// Sends a line; false where it was refused or reset.
bool send_line(const std::string& where) {
    try {
        stream_client client(where);
        const bool sent = client.send("x\n");
        client.end();
        char byte = 0;
        return sent && ::recv(client.native(), &byte, 1, 0) == 0;
    } catch (const std::system_error&) {
        return false;
    }
}

} // namespace

BOOST_AUTO_TEST_SUITE(reload)

BOOST_AUTO_TEST_CASE(a_reload_that_is_refused_costs_no_connection) {
    const scratch folder;
    const int port = free_port();
    const int other = free_port();
    const stranger there(other);
    const auto flags = [&](const std::string& topic, const std::string& host) {
        return words{"--tcp",  fmt::format("127.0.0.1:{},topic={}", port, topic),
                     "--tcp",  fmt::format("{}:{},topic=other", host, other),
                     "--file", folder / "out"};
    };
    const logged log;
    running weir(flags("a", "127.0.0.1"));
    std::uint64_t sent = 0;
    std::uint64_t unheard = 0;
    {
        const hammer connects([&] {
            const bool heard = send_line(fmt::format("127.0.0.1:{}", port));
            ++(heard ? sent : unheard);
        });
        for (int i = 0; i < 300; ++i)
            BOOST_TEST(weir.refuses(flags("b", "")));
    }
    BOOST_TEST(unheard == 0u);
    BOOST_TEST(sent > 0u);
    BOOST_TEST(eventually([&] { return weir.total("weir_received_messages_total") == sent; }));
}

BOOST_AUTO_TEST_CASE(a_reload_that_is_refused_costs_no_datagram) {
    const scratch folder;
    const int port = free_port();
    const int other = free_port();
    const stranger there(other);
    const auto flags = [&](const std::string& topic, const std::string& host) {
        return words{"--udp",  fmt::format("127.0.0.1:{},topic={}", port, topic),
                     "--tcp",  fmt::format("{}:{},topic=other", host, other),
                     "--file", folder / "out"};
    };
    const logged log;
    running weir(flags("a", "127.0.0.1"));
    std::uint64_t sent = 0;
    {
        const auto where = resolve_udp(parse_address(fmt::format("127.0.0.1:{}", port)));
        const hammer sends([&] { // from another port each time
            const int out = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
            const auto size = static_cast<socklen_t>(where.size());
            sent += ::sendto(out, "x", 1, 0, where.data(), size) == 1 ? 1 : 0;
            ::close(out);
        });
        for (int i = 0; i < 300; ++i)
            BOOST_TEST(weir.refuses(flags("b", "")));
    }
    BOOST_TEST(sent > 0u);
    const auto heard = [&] {
        return weir.total("weir_received_messages_total") +
               weir.total("weir_refused_messages_total{listener=\"udp\"");
    };
    BOOST_TEST(eventually([&] { return heard() == sent; }));
    BOOST_TEST(heard() == sent);
}

BOOST_AUTO_TEST_CASE(a_unix_socket_is_replaced_and_nobody_is_refused) {
    const scratch folder;
    const auto flags = [&](int n) {
        return words{"--tcp", fmt::format("unix:{},max-connections={}", folder / "in", 1000 + n),
                     "--file", folder / "out"};
    };
    const logged log;
    running weir(flags(0));
    std::uint64_t connected = 0;
    std::uint64_t refused = 0;
    {
        const hammer connects([&] {
            try {
                const stream_client client("unix:" + folder / "in");
                ++connected;
            } catch (const std::system_error&) {
                ++refused;
            }
        });
        for (int i = 1; i < 50; ++i)
            BOOST_TEST(weir.reload(flags(i)));
    }
    BOOST_TEST(connected > 0u);
    BOOST_TEST(refused == 0u);
    BOOST_TEST(std::filesystem::exists(folder / "in"));
}

// What is exported bears the name, and with the thread sanitizer: nobody reads it while it is
// written.
BOOST_AUTO_TEST_CASE(the_name_of_a_port_of_a_sinks_own_is_there_before_its_spans) {
    const scratch folder;
    const std::string path = folder / "sse";
    std::atomic<int> left = INT_MAX;
    post_server collector([&](const auto&, std::size_t) {
        if (--left == 0)
            std::filesystem::remove(path);
        return post_server::answer(202);
    });
    const auto flags = [&](int n) {
        return words{"--http",          "127.0.0.1:0,live=off",
                     "--drain-timeout", "5s",
                     "--trace",         "zipkin:" + collector.url("") + ",sample=1",
                     "--sse",           fmt::format("unix:{},max-connections={}", path, n)};
    };
    const logged log;
    running weir(flags(10));
    const std::string http = weir.bound("http");
    // Who has asked for half of something keeps the old port from its end, and what is in the place
    // of its file keeps another from its beginning.
    stream_client slow("unix:" + path);
    slow.send("GET / HTTP/1.1\r\n");
    std::filesystem::remove(path);
    std::filesystem::create_directory(path);
    const hammer posts([&] {
        stream_client client(http);
        client.send(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
        client.receive_all();
    });
    left = 3;
    BOOST_TEST(weir.reload(flags(11)));
    BOOST_TEST(eventually([&] { return left < 0; }));
    BOOST_TEST(collector.bodies().find("unix:" + path) != std::string::npos);
    BOOST_TEST(collector.bodies().find("\"/live\"") == std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
