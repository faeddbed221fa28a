// The options of --scrape.
#pragma once

#include "base/options.hpp"
#include "base/tls_client.hpp"
#include "wire/http_url.hpp"

#include <array>
#include <utility>

namespace weir {

enum class scrape_format { json, lines };
constexpr std::array<std::pair<std::string_view, scrape_format>, 2> choices(scrape_format) {
    return {{{"json", scrape_format::json}, {"lines", scrape_format::lines}}};
}

struct scrape_options {
    http_url url;
    duration every{5'000};
    duration timeout{0};
    std::vector<std::string> metrics;
    scrape_format format = scrape_format::json;
    byte_size max_size = 16_MiB;
    std::string user;
    secret password;
    secret token;
    tls_client_options tls;
    std::string topic;
    std::string name;

    void check() const;          // throws usage_error
    duration time_limit() const; // of one scrape
    std::string target() const;  // what it is called: its name, else the URL without secrets
    std::string authorization() const;
};

inline void declare(option_set& set, scrape_options& o) {
    set.what("URL", o.url);
    set.add("every", o.every, "TIME", "from the beginning of one scrape to that of the next");
    set.add("timeout", o.timeout, "TIME",
            "for a page to have come, connecting included; 0 is every, and 10s at most");
    set.add("metrics", o.metrics, "NAME",
            "which: names, * for any characters, ! to leave out, | between; none given: all");
    set.add("format", o.format, "json|lines",
            "one event a scrape, or each sample an event, as a line of the page");
    set.add("max-size", o.max_size, "SIZE", "of a page, before and after gunzip");
    set.add("user", o.user, "NAME", "for basic authentication; may stand in the URL instead");
    set.add("password", o.password, "SECRET", "of that user");
    set.add("token", o.token, "TOKEN", "bearer token");
    declare(set, o.tls);
    set.add("topic", o.topic, "NAME", "the topic of all its messages");
    set.add("name", o.name, "NAME",
            "what the target is called in events, /metrics and the log, in place of its URL");
}

std::string scrape_request(const scrape_options& options); // whole, with the empty line

} // namespace weir
