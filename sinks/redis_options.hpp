// The options of the Redis counters, as `--redis URL,...` takes them.
#pragma once

#include "base/options.hpp"
#include "base/tls_client.hpp"
#include "sinks/count_naming.hpp"
#include "sinks/redis_url.hpp"

namespace weir {

struct redis_options {
    redis_url url;
    count_naming naming;
    std::vector<std::string> topics;
    std::string account = "data.account";
    duration expire{0};
    std::size_t max_keys = 100'000;
    duration timeout{5'000};
    tls_client_options tls;
};

inline void declare(option_set& set, redis_options& o) {
    set.what("URL", o.url);
    declare_naming(set, o.naming);
    set.add("topics", o.topics, "TOPIC",
            "topics that are counted, as filter= has them; events of others count nowhere");
    set.add("account", o.account, "PATH", "member of the JSON that names the account");
    set.add("expire", o.expire, "TIME", "keys nobody counted in for so long go; 0: never");
    set.add("max-keys", o.max_keys, "N",
            "sums kept while Redis is away, one for each account, topic and hour; events that "
            "need more are lost");
    set.add("timeout", o.timeout, "TIME", "for Redis to answer, and to connect");
    declare(set, o.tls);
}

} // namespace weir
