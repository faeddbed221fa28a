// Every kind of listener and sink that weir has: its flag, what it takes, and how one is made.
// Adding a kind is one line in registry.cpp.
#pragma once

#include "base/http_routes.hpp"
#include "base/options.hpp"
#include "base/tls_client.hpp"
#include "listeners/listener.hpp"
#include "sinks/count_naming.hpp"
#include "sinks/redis_url.hpp"
#include "sinks/sink.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// What the gateway offers to whoever makes a listener. `books` opens a set of books under one of
// the protocol names; a port that takes two protocols keeps two.
struct listener_parts {
    io_executors& executors;
    queue& destination;
    source_id source;
    std::function<listener_books&(std::string_view protocol)> books;
    const http_routes& routes;
    span_recorder* spans = nullptr;

    listener_setting setting(std::string_view protocol) const {
        return {executors, destination, books(protocol), source, spans};
    }
};

// What a port that shows counts has to know of the sink that counts.
struct counting {
    redis_url redis;
    count_naming naming;
    tls_client_options tls;
};

// Where a flag came from, and what tells it from another of its kind.
struct told {
    std::string origin;   // what an error about it begins with: "--udp :9000", "weir.toml:3:1: udp"
    std::string identity; // its text, secrets included: never to be shown
};

// One flag as given, parsed and checked, ready to be made any time later.
struct sink_spec {
    told from;
    std::string_view flag;
    std::string name;   // that the user gave it; "" for none
    std::string called; // what it is called in metrics; "" where nothing else can be called so
    std::string shown;  // the flag's text with every default in it, secrets hidden
    std::vector<ordered_option> steps; // before it, in order (queues/steps/pipeline.hpp)
    std::function<std::unique_ptr<sink>(const sink_setting&)> make;
    // A port of its own that serves the sink's route of this kind, at any path; empty for most.
    route_kind port_serves = route_kind::live;
    std::function<std::unique_ptr<listener>(const listener_parts&)> make_port;
    std::optional<counting> counts; // of a Redis
};

struct listener_spec {
    told from;
    std::string_view flag;
    std::string name; // as those of sinks; none where it has an address of its own
    std::string called;
    std::string shown;
    bool serves_live = false; // wants the live stream among its routes
    std::string live_path;    // where, if so
    byte_size history;        // that it wants of it
    bool takes_events = true;
    std::function<std::unique_ptr<listener>(const listener_parts&)> make;
    // Takes what it was not told from the sinks, once all flags are read; empty for most. Throws
    // usage_error.
    std::function<void(listener_spec&, std::span<const sink_spec>)> complete;
};

template <class Spec>
struct component_kind {
    std::string_view flag;                                                   // "udp" for --udp
    std::string_view summary;                                                // for --help
    std::function<Spec(std::string_view flag, std::string_view text)> parse; // throws usage_error
    // Calls back with the declared options and their defaults, for --help.
    std::function<void(const std::function<void(const option_set&)>&)> describe;
};
using listener_kind = component_kind<listener_spec>;
using sink_kind = component_kind<sink_spec>;

std::span<const listener_kind> listener_kinds();
std::span<const sink_kind> sink_kinds();

// A kind as files and pages of reference see it, whatever it makes.
struct declared_kind {
    std::string_view flag;
    std::string_view summary;
    std::string_view group; // "Listeners", "Sinks"
    std::function<void(const std::function<void(const option_set&)>&)> describe;
    std::function<void(std::string_view text)> check; // parses and forgets; throws usage_error
};
std::vector<declared_kind> declared_kinds();

// The stream at /live and /events of every HTTP port that has live=on.
sink_spec live_stream(byte_size history);

} // namespace weir
