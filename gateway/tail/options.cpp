#include "gateway/tail/options.hpp"

#include "gateway/client/command_line.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir::tail {

using namespace client;

namespace {

constexpr std::string_view introduction =
    R"(Prints a live stream on stdout, an event a line; what else there is to say goes to stderr.

Usage: weir tail URL [FLAGS]

  weir tail ws://127.0.0.1:8080/live
  weir tail http://127.0.0.1:8080/events --last 10 --topic 'orders*,!orders.test'
  weir tail wss://events.example.org --since 1200 --meta | jq .topic

ws:// and wss:// are WebSocket, /live where the URL has no path; http:// and https:// are
server-sent events (text/event-stream), /events without a path. When the connection breaks it
connects again, and goes on behind the last sequence number that it knows.

)";

constexpr std::string_view status =
    R"(
Exit status: 0 interrupted, --count reached, stdout closed or the stream ended; 1 it could not
connect, was refused, or with --no-reconnect the connection broke; 2 a wrong command line.
)";

bool is_number(std::string_view text) {
    return !text.empty() && text.size() < 20 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view plain = "-._~,*!:/";
    std::string out;
    for (const char each : text) {
        const auto byte = static_cast<unsigned char>(each);
        if ((byte < 0x80 && std::isalnum(byte)) || plain.find(each) != plain.npos)
            out += each;
        else
            out += fmt::format("%{:02X}", byte);
    }
    return out;
}

// A query without what says where to begin.
std::string without_start(std::string_view query) {
    std::string out;
    while (!query.empty()) {
        const std::size_t end = std::min(query.find('&'), query.size());
        const std::string_view part = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        if (!part.starts_with("last=") && !part.starts_with("since="))
            out.append(out.empty() ? "" : "&").append(part);
    }
    return out;
}

} // namespace

void declare(option_set& set, tail_options& o) {
    set.add("last", o.last, "N", "begin with the newest N events that the server still has");
    set.add("since", o.since, "SEQ", "begin behind this sequence number");
    set.add("topic", o.topic, "LIST", "only these topics: names, a* for a prefix, !a for none");
    set.add("meta", o.meta, "",
            "print each event in its envelope: sequence number, time, listener, topic");
    set.add("raw", o.raw, "", "http: ask for plain lines in place of text/event-stream");
    set.add("count", o.count, "N", "end after so many events; 0: don't");
    set.add("no-reconnect", o.no_reconnect, "", "end when the connection does");
    declare(set, o.access);
}

bool read_words(std::span<const std::string> words, tail_options& into) {
    option_set set;
    declare(set, into);
    std::vector<std::string> others;
    if (!read_flags(words, "tail", set, others))
        return false;
    into.to = the_url(others, "tail", "ws://127.0.0.1:8080/live");
    const bool websocket = into.to.scheme == protocol::ws;
    must(websocket || into.to.scheme == protocol::http,
         "a live stream is at ws://, wss://, http:// or https://");
    must(!into.raw || !websocket, "--raw is for http:// and https:// alone");
    must(into.since.empty() || is_number(into.since),
         "--since: '" + into.since + "' is no sequence number");
    must(into.since.empty() || into.last.value == 0, "--last and --since exclude each other");
    complete(into.access, into.to);
    const std::string_view own_path = websocket ? "/live" : "/events";
    if (into.to.target.empty() || into.to.target.starts_with("/?"))
        into.to.target.replace(0, into.to.target.empty() ? 0 : 1, own_path);
    return true;
}

std::string tail_help() {
    tail_options defaults;
    option_set set;
    declare(set, defaults);
    return help(introduction, set, status);
}

std::string tail_target(const tail_options& o, bool resume, std::string_view last_id) {
    const std::string_view target = o.to.target;
    const std::size_t mark = std::min(target.find('?'), target.size());
    std::string query(target.substr(std::min(mark + 1, target.size())));
    const auto add = [&query](std::string_view parameter) {
        query.append(query.empty() ? "" : "&").append(parameter);
    };
    if (resume)
        query = without_start(query);
    else if (o.last.value > 0)
        add(fmt::format("last={}", o.last.value));
    else if (!o.since.empty())
        add("since=" + o.since);
    if (!o.topic.empty())
        add("topic=" + percent_encoded(o.topic));
    if (o.raw)
        add("raw");
    if (o.asks_for_envelopes())
        add("meta=1");
    // Elsewhere the header Last-Event-ID says it.
    if (resume && is_number(last_id) && (o.raw || o.to.scheme == protocol::ws))
        add(fmt::format("since={}", last_id));
    return std::string(target.substr(0, mark)) + (query.empty() ? "" : "?" + query);
}

} // namespace weir::tail
