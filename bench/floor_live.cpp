// The floor of the live stream: WebSocket clients that are sent the same ready-made frames, those
// of one millisecond in one send to each. Nothing comes in: it makes RATE events a second itself,
// falls behind where that is too many, and drops none.
#include "floor.hpp"

#include <algorithm>
#include <openssl/evp.h>
#include <openssl/sha.h>
#include <poll.h>
#include <string>
#include <string_view>
#include <time.h>
#include <vector>

namespace {

constexpr std::size_t least_size = 96;
constexpr std::uint64_t second = 1'000'000'000;
constexpr std::uint64_t tick = second / 1000;

std::uint64_t now(clockid_t clock) {
    timespec t{};
    clock_gettime(clock, &t);
    return static_cast<std::uint64_t>(t.tv_sec) * second + static_cast<std::uint64_t>(t.tv_nsec);
}

// As many whole frames as one send is ever given, their numbers and times still blank.
class frames {
public:
    explicit frames(std::size_t size) {
        std::string frame = "\x81";
        if (size <= 65'535)
            frame += {126, static_cast<char>(size >> 8), static_cast<char>(size)};
        else
            for (frame += 127; frame.size() < 10;)
                frame += static_cast<char>(size >> (8 * (9 - frame.size())));
        const std::size_t head = frame.size();
        frame += R"({"from":   0,"n":            ,"t":                   ,"pad":")";
        number_ = frame.find(",\"t\"") - number_width;
        time_ = frame.find(",\"pad\"") - time_width;
        frame.append(head + size - 2 - frame.size(), 'x').append("\"}");
        size_ = frame.size();
        most_ = std::max<std::size_t>((1 << 20) / size_, 1);
        for (std::size_t i = 0; i < most_; ++i)
            bytes_ += frame;
    }

    std::size_t most() const { return most_; }
    std::string_view stamp(std::size_t n, std::uint64_t first, std::uint64_t time) {
        for (std::size_t i = 0; i < n; ++i) {
            put(first + i, i * size_ + number_, number_width);
            put(time, i * size_ + time_, time_width);
        }
        return {bytes_.data(), n * size_};
    }

private:
    static constexpr std::size_t number_width = 12;
    static constexpr std::size_t time_width = 19;
    void put(std::uint64_t value, std::size_t at, std::size_t width) {
        for (std::size_t i = at + width; i > at && (value > 0 || i == at + width); value /= 10)
            bytes_[--i] = static_cast<char>('0' + value % 10);
    }
    std::string bytes_;
    std::size_t size_, most_, number_, time_;
};

bool wait_for(int socket, short what) {
    pollfd wanted{socket, what, 0};
    while (!stopped)
        if (poll(&wanted, 1, longest_wait_ms) > 0)
            return true;
    return false;
}

std::string accept_key(std::string key) {
    key += "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char digest[SHA_DIGEST_LENGTH], encoded[32];
    SHA1(reinterpret_cast<const unsigned char*>(key.data()), key.size(), digest);
    const int size = EVP_EncodeBlock(encoded, digest, sizeof digest);
    return {reinterpret_cast<char*>(encoded), static_cast<std::size_t>(size)};
}

// Sends all of it; a full socket is waited for. False: the client is gone, or it is time to end.
bool send_all(int to, std::string_view data, std::uint64_t& waits) {
    while (!data.empty()) {
        const ssize_t sent = send(to, data.data(), data.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
        if (sent >= 0) {
            data.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            ++waits;
            if (!wait_for(to, POLLOUT))
                return false;
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

// The upgraded connection, or -1.
int next_client(int listener) {
    if (!wait_for(listener, POLLIN))
        return -1;
    const int client = check(accept4(listener, nullptr, nullptr, SOCK_CLOEXEC), "accept");
    set_option(client, IPPROTO_TCP, 1 /* TCP_NODELAY */, 1, "TCP_NODELAY");
    std::string request;
    while (request.find("\r\n\r\n") == request.npos) {
        char part[2048];
        const ssize_t got = wait_for(client, POLLIN) ? read(client, part, sizeof part) : 0;
        if (got <= 0) {
            close(client);
            return -1;
        }
        request.append(part, static_cast<std::size_t>(got));
    }
    constexpr std::string_view name = "\r\nsec-websocket-key:";
    const auto same = [](char a, char b) { return (a | 0x20) == (b | 0x20); };
    auto at = std::search(request.begin(), request.end(), name.begin(), name.end(), same);
    at = at == request.end() ? at : at + static_cast<std::ptrdiff_t>(name.size());
    at = std::find_if(at, request.end(), [](char c) { return c != ' '; });
    const std::string key(at, std::find_if(at, request.end(), [](char c) { return c <= ' '; }));
    const std::string answer = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                               "Connection: Upgrade\r\nSec-WebSocket-Accept: " +
                               accept_key(key) + "\r\n\r\n";
    std::uint64_t waits = 0;
    send_all(client, answer, waits);
    return client;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 6)
        usage("PORT CLIENTS RATE SIZE SECONDS   (SIZE from 96)");
    const std::size_t wanted = std::strtoull(argv[2], nullptr, 10);
    const std::uint64_t rate = std::strtoull(argv[3], nullptr, 10);
    const std::size_t size = std::strtoull(argv[4], nullptr, 10);
    const double seconds = std::strtod(argv[5], nullptr);
    if (size < least_size)
        usage("PORT CLIENTS RATE SIZE SECONDS   (SIZE from 96)");

    frames ready(size);
    const int listener = listening_socket(argv[1]);
    announce(listener);
    std::vector<int> clients;
    while (clients.size() < wanted && !stopped)
        if (const int client = next_client(listener); client >= 0)
            clients.push_back(client);

    std::uint64_t events = 0, messages = 0, bytes = 0, sends = 0, waits = 0;
    const std::uint64_t start = now(CLOCK_MONOTONIC);
    const auto duration = static_cast<std::uint64_t>(seconds * static_cast<double>(second));
    std::uint64_t last = start;
    for (std::uint64_t wake = start + tick; !stopped && last - start < duration; wake += tick) {
        const timespec until{static_cast<time_t>(wake / second), static_cast<long>(wake % second)};
        clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, nullptr); // at once where it's late
        last = now(CLOCK_MONOTONIC);
        const std::uint64_t due = std::min(last - start, duration) * rate / second - events;
        const std::size_t n = std::min<std::uint64_t>(due, ready.most());
        if (n == 0)
            continue;
        const std::string_view data = ready.stamp(n, events, now(CLOCK_REALTIME));
        events += n;
        std::erase_if(clients, [&](int client) {
            if (!send_all(client, data, waits))
                return close(client) == 0;
            ++sends;
            messages += n;
            bytes += n * size;
            return false;
        });
    }
    last = now(CLOCK_MONOTONIC);
    while (!stopped)
        poll(nullptr, 0, longest_wait_ms);
    report({{"messages", messages},
            {"bytes", bytes},
            {"events", events},
            {"clients", clients.size()},
            {"sends", sends},
            {"waits", waits},
            {"microseconds", (last - start) / 1000}});
}
