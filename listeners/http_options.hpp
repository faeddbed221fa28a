// What the user may say of an HTTP port, of a beacon port and of a WebSocket port.
#pragma once

#include "base/options.hpp"

#include <string>
#include <vector>

namespace weir {

struct http_options {
    address listen;
    byte_size max_body = 1_MiB;
    byte_size max_header = 16_KiB;
    std::size_t max_connections = 10'000;
    duration header_timeout = std::chrono::seconds(10);
    duration body_timeout = std::chrono::seconds(30);
    duration idle_timeout = std::chrono::seconds(60);
    std::vector<std::string> origins;
    secret token;
    std::string topic;
    bool ingest = true;
    std::string ingest_path = "/ws";
    bool live = true;
    std::string live_path = "/live";
    byte_size history = 64_MiB; // the live stream's, for whoever makes it
    bool page = true;
    bool metrics = true;
    bool beacon = false;
    bool admin = false; // PUT and GET of /log-level and its like
    std::string ua_regexes = "/usr/share/uap-core/regexes.yaml";
    std::vector<cidr> allow;
};

struct ws_options {
    address listen;
    byte_size max_message = 1_MiB;
    byte_size max_header = 16_KiB;
    std::size_t max_connections = 10'000;
    duration header_timeout = std::chrono::seconds(10);
    duration idle_timeout = std::chrono::seconds(60);
    std::vector<std::string> origins;
    secret token;
    std::string topic;
    std::vector<cidr> allow;
};

// An HTTP port that takes beacons and nothing else.
struct beacon_options : http_options {
    beacon_options() {
        ingest = live = page = metrics = false;
        beacon = true;
        max_body = 4_KiB; // of requests that bring one all the same
        body_timeout = std::chrono::seconds(10);
    }
};

// An HTTP port for who runs weir, and nobody else.
struct admin_options : http_options {
    admin_options() {
        ingest = live = page = false;
        admin = true;
        max_body = 4_KiB;
        max_connections = 100;
    }
};

// What all say alike.
template <class Options>
void declare_front(option_set& set, Options& o) {
    set.add("max-header", o.max_header, "SIZE", "a larger request header is refused");
    set.add("max-connections", o.max_connections, "N", "more at a time are refused");
    set.add("header-timeout", o.header_timeout, "TIME",
            "how long a header may take, from its first byte; 0: for ever");
    set.add("idle-timeout", o.idle_timeout, "TIME",
            "close a connection that is silent for so long, a WebSocket only where it does not "
            "answer a ping either; 0: never");
    set.add("allow", o.allow, "CIDR", "networks that may connect; none given: all");
    set.add("topic", o.topic, "NAME", "the topic of all its messages, whatever they or /in/ say");
}

// Whose requests it takes.
template <class Options>
void declare_guard(option_set& set, Options& o) {
    set.add("origins", o.origins, "ORIGIN",
            "web pages of other origins that may use it, as https://example.com; *: all");
    set.add("token", o.token, "TOKEN",
            "asked for as 'Authorization: Bearer TOKEN', as the password of Basic, or as "
            "?access_token=TOKEN");
}

inline void declare_browsers(option_set& set, http_options& o) {
    set.add("ua-regexes", o.ua_regexes, "PATH",
            "uap-core's expressions, which tell a beacon's browser");
}

inline void declare(option_set& set, http_options& o) {
    set.what("ADDR", o.listen);
    set.add("max-body", o.max_body, "SIZE",
            "a larger body, unpacked, is refused; a WebSocket's message likewise");
    set.add("body-timeout", o.body_timeout, "TIME", "how long a body may take; 0: for ever");
    declare_front(set, o);
    declare_guard(set, o);
    set.add("ingest", o.ingest, "on/off",
            "POST and PUT to / and /in/TOPIC, WebSocket at the ingest-path");
    set.add("ingest-path", o.ingest_path, "PATH", "where a WebSocket sends events");
    set.add("live", o.live, "on/off", "the live stream at /live and /events");
    set.add("live-path", o.live_path, "PATH", "where a WebSocket listens, beside /live");
    set.add("history", o.history, "SIZE",
            "how much the live stream keeps for last and since; of several ports the most");
    set.add("page", o.page, "on/off", "the page at /");
    set.add("metrics", o.metrics, "on/off", "/metrics");
    set.add("beacon", o.beacon, "on/off", "an image at /r/APP/ACCOUNT/TYPE, each GET an event");
    declare_browsers(set, o);
}

inline void declare(option_set& set, beacon_options& o) {
    set.what("ADDR", o.listen);
    declare_front(set, o);
    declare_browsers(set, o);
}

inline void declare(option_set& set, admin_options& o) {
    set.what("ADDR", o.listen);
    set.add("allow", o.allow, "CIDR", "networks that may connect; none given: all");
    set.add("token", o.token, "TOKEN",
            "asked for as 'Authorization: Bearer TOKEN' or as the password of Basic; without one "
            "ADDR must be this machine's own, as 127.0.0.1:9900 or unix:PATH");
}

inline void declare(option_set& set, ws_options& o) {
    set.what("ADDR", o.listen);
    set.add("max-message", o.max_message, "SIZE", "a longer message ends its connection (1009)");
    declare_front(set, o);
    declare_guard(set, o);
}

} // namespace weir
