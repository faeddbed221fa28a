#include "listeners/http.hpp"

#include "listeners/http_beacon.hpp"
#include "listeners/http_session.hpp"

#include <algorithm>

namespace weir {

namespace {

constexpr std::uint64_t largest_header = 1u << 20;

std::size_t checked(byte_size size, std::uint64_t least, std::uint64_t most, const char* option) {
    if (size.bytes < least || size.bytes > most)
        throw usage_error("option " + std::string(option) + ": must be from " +
                          to_string(byte_size{least}) + " to " + to_string(byte_size{most}));
    return size.bytes;
}

bool is_on(route_kind kind, const http_options& options) {
    switch (kind) {
    case route_kind::metrics:
        return options.metrics;
    case route_kind::page:
        return options.page;
    case route_kind::live:
    case route_kind::events:
        return options.live;
    case route_kind::admin:
        return options.admin;
    case route_kind::health:
    case route_kind::stats:
        break;
    }
    return true;
}

void check_path(const std::string& path, const char* option) {
    if (!path.starts_with('/') || path.find_first_of("?#% ") != path.npos)
        throw usage_error("option " + std::string(option) + ": '" + path +
                          "' is no path, as /live is");
}

// The live stream is at live-path, too. A path is for one thing: who connects there either listens
// or sends.
void place_websockets(const http_options& options, http_policy& policy) {
    check_path(options.ingest_path, "ingest-path");
    check_path(options.live_path, "live-path");
    if (options.ingest && options.live && options.ingest_path == options.live_path)
        throw usage_error("options live-path and ingest-path: both are '" + options.live_path +
                          "'; give one of them another");
    const auto taken = [&](const std::string& path, const char* option) {
        for (const http_route& each : policy.routes)
            if (each.path == path && each.kind != route_kind::live)
                throw usage_error("option " + std::string(option) + ": '" + path + "' is taken");
    };
    if (options.ingest) {
        taken(options.ingest_path, "ingest-path");
        policy.websocket_path = options.ingest_path;
    }
    const auto is_live = [](const http_route& each) {
        return each.kind == route_kind::live && each.path != "*";
    };
    const auto live = std::find_if(policy.routes.begin(), policy.routes.end(), is_live);
    if (live == policy.routes.end() || live->path == options.live_path)
        return;
    http_route beside = *live;
    beside.path = options.live_path;
    taken(beside.path, "live-path");
    policy.routes.push_back(std::move(beside));
}

template <class Options>
http_port port_of(const listener_setting& setting, listener_books& ws_books,
                  const Options& options) {
    std::for_each(options.origins.begin(), options.origins.end(), check_origin);
    http_port port{setting.with_topic(options.topic), ws_books, {}, {}, {}, {}, {}, {}, {}};
    port.policy.origins = options.origins;
    port.policy.token = options.token;
    port.limits.max_head = checked(options.max_header, 256, largest_header, "max-header");
    port.header_timeout = options.header_timeout;
    port.idle_timeout = options.idle_timeout;
    return port;
}

http_port port_of(const listener_setting& setting, listener_books& ws_books,
                  const http_options& options, http_routes routes) {
    http_port port = port_of(setting, ws_books, options);
    port.limits.max_body = checked(options.max_body, 1, longest_message, "max-body");
    port.ws_limits.max_message = port.limits.max_body;
    port.body_timeout = options.body_timeout;
    port.policy.ingest = options.ingest;
    port.policy.beacon = options.beacon;
    if (options.beacon)
        port.browsers = load_browsers(options.ua_regexes);
    std::erase_if(routes, [&](const http_route& each) { return !is_on(each.kind, options); });
    port.policy.routes = std::move(routes);
    place_websockets(options, port.policy);
    return port;
}

http_port port_of(const listener_setting& setting, const ws_options& options) {
    http_port port = port_of(setting, setting.books, options);
    port.limits.max_body = 4096; // of requests that nobody wants
    port.body_timeout = options.header_timeout;
    port.ws_limits.max_message = checked(options.max_message, 1, longest_message, "max-message");
    port.policy.ingest = false;
    port.policy.websocket_path = "*";
    return port;
}

// The sweeper looks often enough that every timeout is kept to a quarter.
template <class Options>
acceptor_options accepting(const Options& options, std::initializer_list<duration> timeouts) {
    if (options.max_connections == 0)
        throw usage_error("option max-connections: must be at least 1");
    acceptor_options out;
    out.listen = options.listen;
    out.max_connections = options.max_connections;
    out.allow = options.allow;
    for (duration timeout : timeouts)
        if (timeout.count() > 0)
            out.sweep_every =
                std::clamp<std::chrono::milliseconds>(timeout / 4, duration(5), out.sweep_every);
    return out;
}

} // namespace

http_front::http_front(http_port port, acceptor_options options)
    : port_(std::move(port)), tasks_(port_.setting.books.listener),
      acceptor_(port_.setting, tasks_, std::move(options),
                [this](std::shared_ptr<connection> peer) {
                    return http_session::serve(&port_, std::move(peer));
                }) {}

http_listener::http_listener(const listener_setting& setting, listener_books& ws_books,
                             const http_options& options, http_routes routes)
    : http_front(port_of(setting, ws_books, options, std::move(routes)),
                 accepting(options, {options.header_timeout, options.body_timeout,
                                     options.idle_timeout / 2})) {}

ws_listener::ws_listener(const listener_setting& setting, const ws_options& options)
    : http_front(port_of(setting, options),
                 accepting(options, {options.header_timeout, options.idle_timeout / 2})) {}

} // namespace weir
