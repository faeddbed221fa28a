#include "gateway/gateway.hpp"

#include "base/option_text.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir {

namespace {

// An address to connect to: a wildcard is reached through the loopback.
std::string reachable(const std::string& bound) {
    const std::size_t colon = bound.rfind(':');
    const std::string host = bound.substr(0, colon);
    return (host == "[::]" || host == "0.0.0.0" ? "127.0.0.1" : host) + bound.substr(colon);
}

std::string first_udp_event(const std::string& bound) {
    const std::string where = reachable(bound);
    const std::size_t colon = where.rfind(':');
    std::string host = where.substr(0, colon);
    std::erase_if(host, [](char c) { return c == '[' || c == ']'; });
    return fmt::format("echo '{{\"hello\":\"weir\"}}' | nc -u -w1 {} {}", host,
                       where.substr(colon + 1));
}

} // namespace

std::vector<std::string> gateway::introduction() const {
    std::vector<std::string> lines;
    std::string first_event;
    for (const running_listener& listener : listeners_) {
        const std::string bound = listener.runs->bound();
        const bool unix_socket = bound.starts_with("unix:");
        const bool beacon = listener.flag == "beacon" && !unix_socket;
        const bool http = listener.flag == "http" && !unix_socket;
        const bool admin = listener.flag == "admin" && !unix_socket;
        const bool plain = (listener.flag == "sse" || listener.flag == "stats") && !unix_socket;
        const bool ws = (listener.flag == "ws" || listener.flag == "broadcast") && !unix_socket;
        std::string shown = bound;
        if (http || plain || beacon || admin)
            shown = fmt::format("http://{}/", reachable(bound));
        else if (ws)
            shown = fmt::format("ws://{}/", reachable(bound));
        const std::string_view verb = listener.flag == "scrape" ? "scraping" : "listening";
        if (!listener.name.empty())
            shown += " as " + listener.name;
        const bool everywhere = shown != bound && reachable(bound) != bound; // and shown as one
        lines.push_back(fmt::format("{:<9}  {:<9}  {}{}", verb, listener.flag, shown,
                                    everywhere ? " on all addresses" : ""));
        if (!listener.live_path.empty() && http) {
            lines.push_back(fmt::format("live       {:<9}  ws://{}{}", "broadcast",
                                        reachable(bound), listener.live_path));
            lines.push_back(
                fmt::format("live       {:<9}  http://{}/events", "sse", reachable(bound)));
        }
        if (listener.flag == "udp" && first_event.empty())
            first_event = first_udp_event(bound);
        else if (http && first_event.empty())
            first_event = fmt::format("curl -d '{{\"hello\":\"weir\"}}' {}", shown);
        else if (beacon && first_event.empty())
            first_event = fmt::format("curl -so /dev/null '{}r/app/account/hello?to=weir'", shown);
    }
    for (const running_sink& sink : sinks_) {
        const std::string& name = sink.books->name;
        const std::string shown =
            name.empty() ? sink.books->target : split_values(sink.shown).front() + " as " + name;
        if (sink.flag != "broadcast" && sink.flag != "sse")
            lines.push_back(fmt::format("writing    {:<9}  {}", sink.flag, shown));
    }
    if (!first_event.empty())
        lines.push_back("try        " + first_event);
    return lines;
}

} // namespace weir
