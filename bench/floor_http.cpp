// The floor of HTTP: epoll, reads, the ends of requests found by their Content-Length, and one
// write of ready-made answers a read. Right for pipelined and for split requests; knows no chunked
// bodies, and keeps every connection until the peer closes it.
#include "floor_epoll.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>

namespace {

constexpr std::size_t room = 64 << 10;
constexpr std::string_view answer = "HTTP/1.1 204 No Content\r\n\r\n";

struct connection {
    int socket;
    std::size_t body = 0; // of the request under way, still to come
    std::string head{};   // the beginning of one
};

struct totals {
    std::uint64_t messages = 0;
    std::uint64_t bytes = 0; // of bodies
    std::uint64_t reads = 0;
};

// The size of the head at the front, 0 where it is incomplete.
std::size_t head_size(std::string_view in, std::size_t& content_length) {
    constexpr std::string_view name = "content-length:";
    for (std::size_t at = 0;;) {
        const std::size_t newline = in.find('\n', at);
        if (newline == in.npos)
            return 0;
        const std::string_view line = in.substr(at, newline - at);
        if (line == "\r")
            return newline + 1;
        if (line.size() > name.size() && strncasecmp(line.data(), name.data(), name.size()) == 0)
            content_length = std::strtoull(line.data() + name.size(), nullptr, 10);
        at = newline + 1;
    }
}

// Takes off the front what is complete; returns how many requests ended there.
std::size_t take_requests(connection& from, std::string_view& in, totals& sum) {
    std::size_t ended = 0;
    while (!in.empty()) {
        if (from.body > 0) {
            const std::size_t here = std::min(from.body, in.size());
            in.remove_prefix(here);
            from.body -= here;
            ended += from.body == 0;
            continue;
        }
        std::size_t length = 0;
        const std::size_t head = head_size(in, length);
        if (head == 0)
            break;
        in.remove_prefix(head);
        from.body = length;
        sum.bytes += length;
        ended += length == 0;
    }
    return ended;
}

void send_answers(int to, std::size_t n) {
    static std::string answers;
    while (answers.size() < n * answer.size())
        answers += answer;
    const char* data = answers.data();
    for (std::size_t left = n * answer.size(); left > 0;) {
        const ssize_t sent = send(to, data, left, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR && !stopped)
            continue;
        if (sent < 0)
            return; // the next read says that the peer is gone
        data += sent;
        left -= static_cast<std::size_t>(sent);
    }
}

// False: the connection has ended.
bool read_once(connection& from, char* buffer, totals& sum) {
    const ssize_t got = read(from.socket, buffer, room);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return true;
    if (got <= 0)
        return false;
    ++sum.reads;
    std::string_view in(buffer, static_cast<std::size_t>(got));
    std::string joined;
    if (!from.head.empty()) {
        joined = std::exchange(from.head, {}).append(in);
        in = joined;
    }
    if (const std::size_t ended = take_requests(from, in, sum)) {
        sum.messages += ended;
        send_answers(from.socket, ended);
    }
    from.head = in;
    return true;
}

} // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        usage("PORT");
    const auto buffer = std::make_unique_for_overwrite<char[]>(room);
    totals sum;
    const std::uint64_t connections = serve<connection>(
        argv[1], [&](connection& from) { return read_once(from, buffer.get(), sum); });
    report({{"messages", sum.messages},
            {"bytes", sum.bytes},
            {"connections", connections},
            {"reads", sum.reads}});
}
