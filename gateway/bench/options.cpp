#include "gateway/bench/options.hpp"

#include "gateway/bench/grpc_frames.hpp"
#include "gateway/client/command_line.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir::bench {

namespace {

constexpr std::size_t most_udp = 65'507;
constexpr std::uint64_t most_size = 256u << 20;
constexpr unsigned most_threads = 256;

void check_plain(const url& to) {
    must(!to.tls, "'" + to.text + "': there is no TLS here, only http:// and ws://");
}

void check_together(const send_options& o) {
    check_plain(o.to);
    const auto only_for = [&](protocol scheme, bool given, std::string_view flag) {
        must(!given || o.to.scheme == scheme,
             fmt::format("--{} is for {}:// alone", flag, weir::to_text(scheme)));
    };
    only_for(protocol::udp, o.gso, "gso");
    only_for(protocol::tcp, o.kind != framing::newline, "framing");
    const bool answers = o.to.scheme == protocol::http || o.to.scheme == protocol::grpc;
    must(answers || o.pipeline == 1, "--pipeline is for http:// and grpc:// alone");
    must(answers || o.batch == 1, "--batch is for http:// and grpc:// alone");
    check_range("size", o.size.bytes, 1,
                o.to.scheme == protocol::udp    ? most_udp
                : o.to.scheme == protocol::grpc ? most_grpc
                                                : most_size);
    check_range("connections", o.connections, 1, most_senders);
    check_range("threads", o.threads, 1, most_threads);
    check_range("pipeline", o.pipeline, 1, 1024);
    check_range("batch", o.batch, 1, 100'000);
    must(o.batch * o.size.bytes <= most_size,
         fmt::format("--batch: {} messages of {} are more than {} a request", o.batch,
                     to_string(o.size), to_string(byte_size{most_size})));
    must(o.count.value % o.batch == 0,
         fmt::format("--count: {} is no multiple of --batch {}", o.count.value, o.batch));
    must(o.verify.empty() || o.size.bytes >= smallest_numbered,
         fmt::format("--verify needs --size {} at least, for the numbers in the messages",
                     smallest_numbered));
    must(o.time.count() > 0 || o.count.value > 0, "--duration: needs to be more than 0");
}

void check_together(const live_options& o) {
    check_plain(o.to);
    must(o.to.scheme == protocol::ws, "the live stream is at ws://HOST:PORT/PATH");
    check_range("clients", o.clients, 1, 1'000'000);
    check_range("threads", o.threads, 1, most_threads);
    must(o.time.count() > 0, "--duration: needs to be more than 0");
}

constexpr std::string_view send_introduction =
    R"(Sends messages to anything that takes them, as fast as it goes or at a rate, and says how many went
how fast.

Usage: weir bench URL [FLAGS]

  weir bench udp://127.0.0.1:9000 --rate 200k --connections 16
  weir bench tcp://127.0.0.1:9001 --size 1KiB --count 10M --verify events.ndjson
  weir bench http://127.0.0.1:8080/ --connections 64 --pipeline 4
  weir bench ws://127.0.0.1:8080/ws --duration 30s --json
  weir bench grpc://127.0.0.1:9090 --pipeline 16

A message is one JSON object of --size bytes, with the number of its connection, its own number
there and the time in nanoseconds: {"from":0,"n":12,"t":1763000000000000000,"pad":"xxx..."}
Below 96 bytes it is FROM and N as plain text, below 16 only x.

)";

constexpr std::string_view send_status =
    R"(
Exit status: 0 it went well, 1 it could not connect or open the file, 2 a wrong command line,
3 --verify found messages missing, twice, or (tcp, ws) out of order.
)";

constexpr std::string_view live_introduction =
    R"(Opens many clients of a live stream and says what each got, and how long after it was sent.

Usage: weir bench live URL [FLAGS]

  weir bench live ws://127.0.0.1:8080/live --clients 1000 &
  weir bench udp://127.0.0.1:9000 --rate 10k

It prints 'ready' on stderr once all clients listen. The time from sending to receipt is known for
messages of 'weir bench' of 96 bytes and more, sent from this machine.

)";

constexpr std::string_view live_status =
    R"(
Exit status: 0 it went well, 1 it could not connect, 2 a wrong command line, 3 --verify found events
missing, twice or out of order, or a client got fewer than --expect.
)";

template <class Options>
std::string help_of(std::string_view introduction, std::string_view status) {
    Options defaults;
    option_set set;
    declare(set, defaults);
    return help(introduction, set, status);
}

} // namespace

void declare(option_set& set, send_options& o) {
    set.add("size", o.size, "SIZE", "of each message");
    set.add("rate", o.rate, "N", "messages a second in all: 500, 200k, 1M; 0 is flat out");
    set.add("connections", o.connections, "N", "connections, or sockets for udp");
    set.add("threads", o.threads, "N", "threads to spread them over");
    set.add("duration", o.time, "TIME", "how long to send");
    set.add("count", o.count, "N",
            "how many messages in all, however long it takes; 0: --duration decides");
    set.add("gso", o.gso, "", "udp: hand the kernel many datagrams as one (UDP_SEGMENT)");
    set.add("framing", o.kind, "newline|nul|length|octet-counting", "tcp: how a message ends");
    set.add("pipeline", o.pipeline, "N", "http, grpc: requests under way on a connection");
    set.add(
        "batch", o.batch, "N",
        "messages a request; http: as lines of NDJSON; grpc: by PublishStream, but 1 by Publish");
    set.add("verify", o.verify, "FILE",
            "the file that the receiver appends to, a message a line: look in the end whether all "
            "are there, once and in order");
    set.add("json", o.json, "", "report as one JSON object");
    set.add("progress", o.progress, "on|off|auto",
            "a line of progress; auto shows it on a terminal");
}

void declare(option_set& set, live_options& o) {
    set.add("clients", o.clients, "N", "how many");
    set.add("threads", o.threads, "N", "threads to spread them over");
    set.add("duration", o.time, "TIME", "how long to listen at most");
    set.add("quiet", o.quiet, "TIME",
            "end when nothing came for so long after the first event; 0: don't");
    set.add("expect", o.expect, "N", "end when every client has so many; 0: don't");
    set.add("verify", o.verify, "",
            "look whether each client gets every message of 'weir bench', once and in order");
    set.add("idle", o.idle, "", "only hold the connections open");
    set.add("json", o.json, "", "report as one JSON object");
    set.add("progress", o.progress, "on|off|auto",
            "a line of progress; auto shows it on a terminal");
}

bool read_words(std::span<const std::string> words, send_options& into) {
    option_set set;
    declare(set, into);
    std::vector<std::string> others;
    if (!read_flags(words, "bench", set, others))
        return false;
    into.to = the_url(others, "bench", "udp://127.0.0.1:9000");
    if (into.to.target.empty())
        into.to.target = into.to.scheme == protocol::ws ? "/ws" : "/";
    check_together(into);
    into.threads = std::min(into.threads, into.connections);
    return true;
}

bool read_words(std::span<const std::string> words, live_options& into) {
    option_set set;
    declare(set, into);
    std::vector<std::string> others;
    if (!read_flags(words, "bench live", set, others))
        return false;
    into.to = the_url(others, "bench live", "ws://127.0.0.1:8080/live");
    if (into.to.target.empty())
        into.to.target = "/live";
    check_together(into);
    into.threads = std::min(into.threads, into.clients);
    return true;
}

std::string send_help() { return help_of<send_options>(send_introduction, send_status); }
std::string live_help() { return help_of<live_options>(live_introduction, live_status); }

} // namespace weir::bench
