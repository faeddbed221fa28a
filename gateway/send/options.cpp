#include "gateway/send/options.hpp"

#include "gateway/client/command_line.hpp"

#include <fmt/format.h>

namespace weir::send {

using namespace client;

namespace {

constexpr std::string_view introduction =
    R"(Sends standard input or files, a line a message, to weir or to anything else that takes it.

Usage: weir send URL [FILE...] [FLAGS]

  echo '{"hello":"world"}' | weir send udp://127.0.0.1:9000
  tail -F app.log | weir send tcp://127.0.0.1:9001
  weir send https://collector.example.org/in/orders orders.ndjson --rate 10k

udp:// sends a datagram a line, tcp:// frames (tcp://unix:PATH too), http:// and https:// POST
lines of NDJSON in batches, ws:// and wss:// a WebSocket frame a line, to /ws where the URL has no
path. An empty line is no message. What was read so far goes out at once, nothing is held back.

)";

constexpr std::string_view status =
    R"(
Exit status: 0 all was sent, 1 something was not, 2 a wrong command line.
)";

} // namespace

void declare(option_set& set, send_options& o) {
    set.add("rate", o.rate, "N", "messages a second: 500, 10k, 1M; 0 is as fast as it goes");
    set.add("framing", o.kind, "newline|nul|length|octet-counting", "tcp: how a message ends");
    set.add("batch", o.batch, "N", "http: lines a request at most");
    set.add("retry-for", o.retry_for, "TIME",
            "http: how long to try again after 408, 429, 5xx and broken connections");
    declare(set, o.access);
    set.add("json", o.json, "", "report as one JSON object, on stdout");
    set.add("progress", o.progress, "on|off|auto",
            "a line of progress; auto shows it on a terminal");
}

bool read_words(std::span<const std::string> words, send_options& into) {
    option_set set;
    declare(set, into);
    std::vector<std::string> others;
    if (!read_flags(words, "send", set, others))
        return false;
    if (others.size() > 1) {
        into.files.assign(others.begin() + 1, others.end());
        others.resize(1);
    }
    into.to = the_url(others, "send", "udp://127.0.0.1:9000");
    const protocol scheme = into.to.scheme;
    must(scheme != protocol::grpc, "'" + into.to.text + "': grpc:// is for weir bench alone");
    must(scheme == protocol::tcp || into.kind == framing::newline, "--framing is for tcp:// alone");
    must(scheme == protocol::http || into.batch == send_options().batch,
         "--batch is for http:// and https:// alone");
    must(scheme == protocol::http || into.retry_for == send_options().retry_for,
         "--retry-for is for http:// and https:// alone");
    check_range("batch", into.batch, 1, 100'000);
    complete(into.access, into.to);
    if (into.to.target.empty())
        into.to.target = scheme == protocol::ws ? "/ws" : "/";
    return true;
}

std::string send_help() {
    send_options defaults;
    option_set set;
    declare(set, defaults);
    return help(introduction, set, status);
}

} // namespace weir::send
