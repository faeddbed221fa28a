// The options of --grpc.
#pragma once

#include "base/live_feed.hpp"
#include "base/options.hpp"

namespace weir {

struct grpc_options {
    address listen;
    byte_size max_message = 1_MiB;
    byte_size max_memory = 1024_MiB;
    std::size_t max_connections = 10'000;
    std::size_t max_streams = 10'000;
    duration idle_timeout = std::chrono::minutes(5);
    secret token;
    std::string cert;
    std::string key;
    std::vector<cidr> allow;
    std::string topic;
    bool live = true;
    slow_client slow = slow_client::skip;
    byte_size history = 64_MiB; // the live stream's, for whoever makes it
};

inline void declare(option_set& set, grpc_options& o) {
    set.what("ADDR", o.listen);
    set.add("max-message", o.max_message, "SIZE", "longer events are refused");
    set.add("max-memory", o.max_memory, "SIZE",
            "what has come and was not read yet, of all calls together; beyond it some are ended");
    set.add("max-connections", o.max_connections, "N", "more at a time are refused");
    set.add("max-streams", o.max_streams, "N",
            "PublishStream and Subscribe calls at a time, over all connections; more are refused");
    set.add("idle-timeout", o.idle_timeout, "TIME",
            "close a connection without a call after so long; 0: never");
    set.add("token", o.token, "TOKEN",
            "asked for in the metadata, as 'authorization: Bearer TOKEN'");
    set.add("cert", o.cert, "PATH", "TLS: the server's certificate and its chain, PEM");
    set.add("key", o.key, "PATH", "TLS: its private key, PEM");
    set.add("allow", o.allow, "CIDR", "networks that may connect; none given: all");
    set.add("topic", o.topic, "NAME", "the topic of all its events, whatever they say");
    set.add("live", o.live, "on/off", "the live stream, by Subscribe");
    set.add("slow", o.slow, "skip/close",
            "what a subscriber gets that the history moves past: a notice and the newest, or "
            "RESOURCE_EXHAUSTED");
    set.add("history", o.history, "SIZE",
            "how much the live stream keeps for slow subscribers, last and since; of several ports "
            "the most");
}

} // namespace weir
