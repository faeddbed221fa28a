#include "gateway/registry.hpp"

#include "gateway/stats_port.hpp"
#include "listeners/grpc.hpp"
#include "listeners/http.hpp"
#include "listeners/scrape.hpp"
#include "listeners/tcp.hpp"
#include "listeners/udp.hpp"
#include "listeners/zmq_sub.hpp"
#include "queues/steps/pipeline.hpp"
#include "sinks/broadcast.hpp"
#include "sinks/file.hpp"
#include "sinks/http_post.hpp"
#include "sinks/redis.hpp"
#include "sinks/zmq.hpp"

namespace weir {

namespace {

template <class Options>
void describe(const std::function<void(const option_set&)>& to) {
    Options defaults;
    option_set set;
    declare(set, defaults);
    to(set);
}

// Every sink takes steps, and a name, beside its own options.
template <class Options>
struct stepped {
    Options own;
    std::vector<ordered_option> steps;
    std::string name;
};

template <class Options>
void declare(option_set& set, stepped<Options>& o) {
    declare(set, o.own);
    set.add("name", o.name, "NAME", "what it is called in /metrics, the log and the last words");
    declare_steps(set, o.steps);
}

// Who asks somewhere else is called as that is, and so may another be.
template <class Options>
std::string own_name(const Options& o) {
    if constexpr (requires { o.url.shown(); })
        return o.url.shown();
    return {};
}

template <class Options>
std::string own_name(const stepped<Options>& o) {
    return own_name(o.own);
}

// A kind whose spec needs nothing but its options: `finish` adds what makes it.
template <class Spec, class Options, class Finish>
component_kind<Spec> kind(std::string_view flag, std::string_view summary, Finish finish) {
    return {flag, summary,
            [finish](std::string_view flag, std::string_view text) {
                const Options options = parse_options<Options>(text);
                Spec spec;
                spec.flag = flag;
                spec.shown = show_options(options);
                if constexpr (requires { options.name; })
                    spec.name = options.name;
                spec.called = spec.name.empty() ? own_name(options) : spec.name;
                finish(spec, options);
                return spec;
            },
            describe<Options>};
}

template <class Listener, class Options>
listener_kind plain_listener(std::string_view flag, std::string_view summary) {
    return kind<listener_spec, Options>(flag, summary, [](listener_spec& spec, const Options& o) {
        spec.make = [flag = spec.flag, o](const listener_parts& parts) {
            return std::make_unique<Listener>(parts.setting(flag), o);
        };
    });
}

void make_http(listener_spec& spec, const http_options& o) {
    spec.serves_live = o.live;
    spec.live_path = o.live_path;
    spec.history = o.history;
    spec.make = [o](const listener_parts& parts) {
        const listener_setting http = parts.setting("http");
        return std::make_unique<http_listener>(http, parts.books("ws"), o, parts.routes);
    };
}

void make_grpc(listener_spec& spec, const grpc_options& o) {
    spec.serves_live = o.live;
    spec.history = o.history;
    spec.make = [o](const listener_parts& parts) {
        return std::make_unique<grpc_listener>(parts.setting("grpc"), o, parts.routes);
    };
}

// A port that takes beacons and nothing else, with books of its own.
void make_beacon(listener_spec& spec, const beacon_options& o) {
    spec.make = [o](const listener_parts& parts) {
        const listener_setting beacon = parts.setting("beacon");
        return std::make_unique<http_listener>(beacon, beacon.books, o, parts.routes);
    };
}

bool is_this_machine(const address& where) {
    if (where.is_unix() || where.host == "localhost")
        return true;
    boost::system::error_code fault;
    const auto ip = boost::asio::ip::make_address(where.host, fault);
    return !fault && ip.is_loopback();
}

// A port for who runs weir. It takes no events, and its books are of requests refused.
void make_admin(listener_spec& spec, const admin_options& o) {
    if (o.token.empty() && !is_this_machine(o.listen))
        throw usage_error("without a token= it must be this machine's own, as 127.0.0.1:9900");
    spec.takes_events = false;
    spec.make = [o](const listener_parts& parts) {
        const listener_setting admin = parts.setting("admin");
        return std::make_unique<http_listener>(admin, admin.books, o, parts.routes);
    };
}

template <class Options, class Finish>
sink_kind stepped_kind(std::string_view flag, std::string_view summary, Finish finish) {
    const auto with_steps = [finish](sink_spec& spec, const stepped<Options>& o) {
        spec.steps = o.steps;
        finish(spec, o.own);
    };
    return kind<sink_spec, stepped<Options>>(flag, summary, with_steps);
}

template <class Sink, class Options>
sink_kind plain_sink(std::string_view flag, std::string_view summary) {
    return stepped_kind<Options>(flag, summary, [](sink_spec& spec, const Options& o) {
        spec.make = [o](const sink_setting& setting) { return std::make_unique<Sink>(o, setting); };
    });
}

// The stream in one of its forms, and a port that serves nothing else.
void make_stream(sink_spec& spec, const broadcast_options& o) {
    spec.make = [o](const sink_setting& setting) {
        return std::make_unique<broadcast_sink>(setting, o);
    };
    spec.make_port = [o](const listener_parts& parts) {
        http_options port;
        port.listen = o.listen;
        port.origins = o.origins;
        port.token = o.token;
        port.allow = o.allow;
        port.max_connections = o.max_connections;
        port.ingest = port.page = port.metrics = false;
        const listener_setting http = parts.setting("http");
        return std::make_unique<http_listener>(http, parts.books("ws"), port, parts.routes);
    };
}

void make_redis(sink_spec& spec, const redis_options& o) {
    spec.counts = counting{o.url, o.naming, o.tls};
    spec.make = [o](const sink_setting& setting) {
        return std::make_unique<redis_sink>(o, setting);
    };
}

void set_stats(listener_spec& spec, const stats_options& o) {
    spec.shown = show_options(o);
    spec.make = [o](const listener_parts& parts) {
        return std::make_unique<stats_port>(parts.setting("stats"), o);
    };
}

// Without a Redis of its own it shows what the first --redis counts, as that names it.
void complete_stats(listener_spec& spec, const std::string& text,
                    std::span<const sink_spec> sinks) {
    const auto counter =
        std::find_if(sinks.begin(), sinks.end(), [](const sink_spec& each) { return each.counts; });
    if (counter == sinks.end())
        throw usage_error("--stats: needs redis=URL where there is no --redis");
    stats_options options;
    options.redis = counter->counts->redis;
    options.naming = counter->counts->naming;
    options.tls = counter->counts->tls;
    option_set set;
    declare(set, options);
    set.parse(text);
    options.check();
    set_stats(spec, options);
    spec.from.identity += '\n' + options.redis.user + '\n' + options.redis.password;
}

listener_spec parse_stats(std::string_view flag, std::string_view text) {
    const auto options = parse_options<stats_options>(text);
    options.check();
    listener_spec spec;
    spec.flag = flag;
    spec.takes_events = false;
    if (!options.redis.empty())
        set_stats(spec, options);
    else
        spec.complete = [text = std::string(text)](listener_spec& of,
                                                   std::span<const sink_spec> sinks) {
            complete_stats(of, text, sinks);
        };
    return spec;
}

} // namespace

std::span<const listener_kind> listener_kinds() {
    static const std::vector<listener_kind> kinds{
        plain_listener<udp_listener, udp_options>("udp", "datagrams, one message each"),
        plain_listener<tcp_listener, tcp_options>("tcp", "framed streams"),
        kind<listener_spec, http_options>("http", "HTTP and, on the same port, WebSocket at /ws",
                                          make_http),
        plain_listener<ws_listener, ws_options>("ws", "WebSocket alone, at any path"),
        kind<listener_spec, beacon_options>(
            "beacon", "an image at /r/APP/ACCOUNT/TYPE, each GET an event", make_beacon),
        kind<listener_spec, grpc_options>("grpc", "gRPC: the service weir.v1.Ingest", make_grpc),
        plain_listener<zmq_sub_listener, zmq_sub_options>("zmq-sub",
                                                          "subscribe to a ZeroMQ publisher"),
        {"stats", "a port that shows what --redis counts, as JSON", parse_stats,
         describe<stats_options>},
        plain_listener<scrape_listener, scrape_options>(
            "scrape", "GET a Prometheus or OpenMetrics page, again and again"),
        kind<listener_spec, admin_options>(
            "admin", "for who runs weir: PUT /log-level; /metrics, /healthz, /readyz", make_admin),
    };
    return kinds;
}

std::span<const sink_kind> sink_kinds() {
    static const std::vector<sink_kind> kinds{
        plain_sink<file_sink, file_options>("file", "append to a file; - is stdout"),
        plain_sink<post_sink, post_options>("post", "HTTP or HTTPS POST"),
        plain_sink<zmq_sink, zmq_options>("zmq", "publish to ZeroMQ subscribers, by topic"),
        stepped_kind<redis_options>("redis", "count in the hashes of a Redis", make_redis),
        stepped_kind<broadcast_options>("broadcast", "a port that serves only the live stream",
                                        make_stream),
        stepped_kind<broadcast_options>("sse", "the same for HTTP clients, as server-sent events",
                                        [](sink_spec& spec, const broadcast_options& o) {
                                            make_stream(spec, o);
                                            spec.port_serves = route_kind::events;
                                        }),
    };
    return kinds;
}

std::vector<declared_kind> declared_kinds() {
    std::vector<declared_kind> all;
    const auto add = [&](std::string_view group, const auto& kinds) {
        for (const auto& kind : kinds)
            all.push_back({kind.flag, kind.summary, group, kind.describe,
                           [&kind](std::string_view text) { kind.parse(kind.flag, text); }});
    };
    add("Listeners", listener_kinds());
    add("Sinks", sink_kinds());
    return all;
}

sink_spec live_stream(byte_size history) {
    broadcast_options options;
    options.history = history;
    sink_spec spec;
    spec.flag = "broadcast";
    spec.make = [options](const sink_setting& setting) {
        return std::make_unique<broadcast_sink>(setting, options);
    };
    return spec;
}

} // namespace weir
