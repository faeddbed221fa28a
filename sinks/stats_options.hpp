// The options of a port that shows the counters in Redis, as `--stats ADDR,...` takes them.
#pragma once

#include "base/options.hpp"
#include "base/tls_client.hpp"
#include "sinks/count_naming.hpp"
#include "sinks/redis_url.hpp"

namespace weir {

struct stats_options {
    address listen;
    redis_url redis; // empty: the first --redis
    count_naming naming;
    std::string path_prefix = "/stats";
    std::vector<std::string> origins;
    secret token;
    std::vector<cidr> allow;
    duration timeout{5'000};
    tls_client_options tls;

    void check() const; // throws usage_error
};

inline void declare(option_set& set, stats_options& o) {
    set.what("ADDR", o.listen);
    set.add("redis", o.redis, "URL", "the Redis that holds the counts; else the first --redis has");
    declare_naming(set, o.naming);
    set.add("path-prefix", o.path_prefix, "PATH", "below which everything is");
    set.add("origins", o.origins, "ORIGIN",
            "web pages of other origins that may read it, as https://example.com; *: all");
    set.add("token", o.token, "TOKEN",
            "asked for as 'Authorization: Bearer TOKEN' or ?access_token=TOKEN");
    set.add("allow", o.allow, "CIDR", "networks that may connect; none given: all");
    set.add("timeout", o.timeout, "TIME", "for Redis to answer");
    declare(set, o.tls);
}

} // namespace weir
