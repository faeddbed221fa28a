#include "gateway/gateway.hpp"

#include "gateway/page.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <spdlog/spdlog.h>
#include <thread>

namespace weir {

namespace {

std::size_t thread_count(unsigned wanted) {
    if (wanted > 0)
        return wanted;
    // One core is left to the sinks that write on threads of their own, and to whoever sends from
    // this machine: io threads that take it from them wake more often and do less each time.
    const unsigned cores = std::thread::hardware_concurrency();
    return cores > 2 ? cores - 1 : 1;
}

} // namespace

// Sinks first: their readers see every message, and their routes are known before the listeners.
gateway::gateway(const settings& s)
    : pool_(thread_count(s.run.threads)), queue_(make_queue(s.queue())), metrics_(*queue_),
      drain_timeout_(s.run.drain_timeout) {
    routes_.push_back(std::make_unique<http_routes>(own_routes()));
    http_routes& shared = *routes_.back();
    for (const sink_spec& spec : s.sinks)
        add_sink(spec, s.steps);
    std::optional<byte_size> history;
    for (const listener_spec& spec : s.listeners)
        if (spec.serves_live)
            history = {std::max(history.value_or(byte_size()).bytes, spec.history.bytes)};
    if (history)
        add_sink(live_stream(*history), s.steps);
    for (std::size_t i = 0; i < sinks_.size(); ++i) {
        http_routes offered = sinks_[i].runs->routes();
        const bool has_port = i < s.sinks.size() && s.sinks[i].make_port;
        if (!has_port) {
            std::ranges::move(offered, std::back_inserter(shared));
            continue;
        }
        std::erase_if(
            offered, [&](const http_route& route) { return route.kind != s.sinks[i].port_serves; });
        for (http_route& route : offered)
            route.path = "*"; // the port serves nothing else
        routes_.push_back(std::make_unique<http_routes>(std::move(offered)));
        add_listener(s.sinks[i].flag, s.sinks[i].make_port, *routes_.back(), "");
        listeners_.back().port_of = sinks_[i].books;
    }
    for (const listener_spec& spec : s.listeners)
        add_listener(spec.flag, spec.make, shared, spec.serves_live ? spec.live_path : "");
}

gateway::~gateway() { pool_.stop(); }

void gateway::add_sink(const sink_spec& spec, std::span<const ordered_option> steps) {
    running_sink fresh;
    fresh.flag = spec.flag;
    fresh.reader = queue_->subscribe();
    fresh.books = &metrics_.open_sink(spec.flag, *fresh.reader);
    auto before = std::make_shared<pipeline>(&listener_names_, &fresh.books->untouched_messages);
    before->add(steps);
    before->add(spec.steps);
    if (before->empty())
        before = nullptr;
    fresh.runs = spec.make({pool_, *fresh.reader, *fresh.books, before, &listener_names_});
    sinks_.push_back(std::move(fresh));
}

void gateway::add_listener(std::string_view flag, const make_listener& make,
                           const http_routes& routes, std::string live_path) {
    running_listener fresh;
    fresh.flag = flag;
    fresh.live_path = std::move(live_path);
    const auto open_books = [&](std::string_view protocol) -> listener_books& {
        fresh.books.push_back(&metrics_.open_listener(protocol));
        return *fresh.books.back();
    };
    fresh.runs =
        make({pool_, *queue_, static_cast<source_id>(listeners_.size()), open_books, routes});
    listeners_.push_back(std::move(fresh));
}

http_routes gateway::own_routes() {
    http_routes routes;
    const auto add = [&](route_kind kind, std::string_view path, bool open, auto answer) {
        http_route& route = routes.emplace_back();
        route.kind = kind;
        route.path = path;
        route.open = open;
        route.get = std::move(answer);
    };
    add(route_kind::health, "/healthz", true, [](const http_query&) {
        http_answer answer;
        answer.body = "ok\n";
        return answer;
    });
    add(route_kind::health, "/readyz", true, [this](const http_query&) {
        http_answer answer;
        answer.status = ready_ ? 200 : 503;
        answer.body = ready_ ? "ready\n" : "not ready\n";
        return answer;
    });
    add(route_kind::metrics, "/metrics", false, [this](const http_query&) {
        http_answer answer;
        answer.content_type = "text/plain; version=0.0.4; charset=utf-8";
        answer.body = metrics_.prometheus_text();
        answer.headers.emplace_back("Cache-Control", "no-store");
        return answer;
    });
    // The page holds no data of its own: it is open, and what it fetches asks for the token.
    for (const page_file& file : page_files())
        add(route_kind::page, file.path, true, [file](const http_query&) {
            http_answer answer;
            answer.content_type = file.content_type;
            answer.body = file.content;
            answer.headers.emplace_back("Cache-Control", "no-cache");
            answer.headers.emplace_back("Content-Security-Policy",
                                        "default-src 'self'; connect-src 'self' ws: wss:; "
                                        "img-src 'self' data:; frame-ancestors 'self'");
            return answer;
        });
    return routes;
}

void gateway::open() {
    for (running_sink& sink : sinks_)
        sink.runs->open();
    for (running_listener& listener : listeners_) {
        listener.runs->open();
        listener_names_.push_back(fmt::format("{} {}", listener.flag, listener.runs->bound()));
        for (listener_books* books : listener.books)
            books->address = listener.runs->bound();
        if (listener.port_of)
            listener.port_of->target = listener.runs->bound();
    }
}

void gateway::start() {
    pool_.start();
    for (running_sink& sink : sinks_)
        sink.runs->start();
    for (running_listener& listener : listeners_)
        listener.runs->start();
    ready_ = true;
}

void gateway::reopen_files() {
    for (running_sink& sink : sinks_)
        sink.runs->reopen();
}

bool gateway::stop(const std::function<bool()>& hurry) {
    using clock = std::chrono::steady_clock;
    constexpr auto grace = std::chrono::seconds(2); // for what was told to stop now
    const auto deadline = clock::now() + drain_timeout_;
    bool hurried = false;
    // Waits for all to end; false where the deadline came, or the hurry, before that.
    const auto ended_by = [&](const auto& parts, clock::time_point until, bool may_hurry) {
        for (const auto& part : parts)
            while (!part.runs->tasks().wait_until(
                std::min(until, clock::now() + std::chrono::milliseconds(100)))) {
                hurried = hurried || hurry();
                if (clock::now() >= until || (may_hurry && hurried))
                    return false;
            }
        return true;
    };
    const auto stop_now = [](const auto& parts) {
        for (const auto& part : parts)
            part.runs->stop_now();
    };

    ready_ = false;
    for (running_listener& listener : listeners_)
        listener.runs->stop();
    bool listeners_ended = ended_by(listeners_, deadline, true);
    if (!listeners_ended)
        stop_now(listeners_);
    queue_->close(); // which also lets go who waits for space in it
    listeners_ended = listeners_ended || ended_by(listeners_, clock::now() + grace, false);
    bool sinks_ended = ended_by(sinks_, deadline, true);
    if (!sinks_ended) {
        stop_now(sinks_);
        sinks_ended = ended_by(sinks_, clock::now() + grace, false);
    }
    // What nobody took any more. A sink that never ended still holds some, which stay pending.
    for (running_sink& sink : sinks_) {
        const queue_reader& reader = *sink.reader;
        sink.books->lost_messages[loss::shutdown].add(reader.published() - reader.taken() -
                                                      reader.missed());
    }
    return listeners_ended && sinks_ended;
}

bool gateway::lost_something() const {
    const auto totals = metrics_.sinks();
    return std::ranges::any_of(
        totals, [](const metrics::sink_totals& sink) { return sink.lost + sink.pending() > 0; });
}

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
    return fmt::format("echo '{{\"hello\":\"weir\"}}' | nc -u -w0 {} {}", host,
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
        const bool plain = (listener.flag == "sse" || listener.flag == "stats") && !unix_socket;
        const bool ws = (listener.flag == "ws" || listener.flag == "broadcast") && !unix_socket;
        std::string shown = bound;
        if (http || plain || beacon)
            shown = fmt::format("http://{}/", reachable(bound));
        else if (ws)
            shown = fmt::format("ws://{}/", reachable(bound));
        const std::string_view verb = listener.flag == "scrape" ? "scraping" : "listening";
        lines.push_back(fmt::format("{:<9}  {:<9}  {}", verb, listener.flag, shown));
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
    for (const running_sink& sink : sinks_)
        if (sink.flag != "broadcast" && sink.flag != "sse")
            lines.push_back(fmt::format("writing    {:<9}  {}", sink.flag, sink.books->target));
    if (!first_event.empty())
        lines.push_back("try        " + first_event);
    return lines;
}

} // namespace weir
