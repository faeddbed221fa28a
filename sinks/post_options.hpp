// The options of an HTTP POST sink, as `--post URL,...` takes them.
#pragma once

#include "base/options.hpp"
#include "base/tls_client.hpp"
#include "wire/http_url.hpp"

namespace weir {

enum class post_format { ndjson, array, single };
constexpr std::array<std::pair<std::string_view, post_format>, 3> choices(post_format) {
    return {{{"ndjson", post_format::ndjson},
             {"array", post_format::array},
             {"single", post_format::single}}};
}

// A header of every request. Its value may be a secret and is never shown.
struct http_header {
    std::string name;
    std::string value;
};
void from_text(std::string_view text, http_header& to); // "Name: value"
std::string to_text(const http_header& value);          // "Name: ***"

struct post_options {
    http_url url;
    post_format format = post_format::ndjson;
    std::size_t batch_count = 10'000;
    byte_size batch_bytes = 1_MiB;
    duration linger{100};
    unsigned connections = 1;
    duration timeout{10'000};
    bool gzip = false;
    std::vector<http_header> header;
    duration retry_for{300'000};
    std::string dead_letter;
    tls_client_options tls;
};

inline void declare(option_set& set, post_options& o) {
    set.what("URL", o.url);
    set.add("format", o.format, "ndjson|array|single",
            "a message a line, a JSON array (what is no JSON becomes a string), or a request each");
    set.add("batch-count", o.batch_count, "N", "messages a request at most");
    set.add("batch-bytes", o.batch_bytes, "SIZE", "bytes a request at most, before gzip");
    set.add("linger", o.linger, "TIME", "how long a request waits for more messages");
    set.add("connections", o.connections, "N",
            "requests at the same time; with more than one, their order is not kept");
    set.add("timeout", o.timeout, "TIME", "for a request to be answered, connecting included");
    set.add("gzip", o.gzip, "on|off", "compress the bodies");
    set.add("header", o.header, "'NAME: VALUE'",
            "further header of every request, again and again");
    set.add("retry-for", o.retry_for, "TIME",
            "how long connection faults, time-outs, 408, 429 and 5xx are tried again");
    set.add("dead-letter", o.dead_letter, "PATH",
            "file for the messages that could not be delivered; they count as lost all the same");
    declare(set, o.tls);
}

} // namespace weir
