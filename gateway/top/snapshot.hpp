// What one look at a weir's /metrics said. Pure functions.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::top {

// A listener, or a sink: its kind, and its address or target.
using flow_name = std::pair<std::string, std::string>;

struct flow {
    double messages = 0;
    double bytes = 0;
    double connections = 0; // of a listener
    double pending = 0;     // and what follows, of a sink
    double filtered = 0;
    double retries = 0;
    std::optional<double> clients;
    std::map<std::string, double> reasons;           // refused or lost
    std::vector<std::pair<double, double>> delivery; // seconds at most, messages so far

    double given_up() const; // all reasons
};

struct snapshot {
    std::string version;
    double published = 0;
    double queue_bytes = 0;
    double queue_batches = 0;
    double cpu_seconds = 0;
    double resident = 0;
    double open_files = 0;
    double most_files = 0;
    double started = 0;
    std::map<flow_name, flow> listeners;
    std::map<flow_name, flow> sinks;
};

// Nothing where it is no weir's page.
std::optional<snapshot> read_snapshot(std::string_view page);

// Below how many seconds this share of the messages was delivered since `before`, which may be
// null; nothing where there was none. As fine as the buckets are, the bound of one.
std::optional<double> delivery_quantile(const flow& now, const flow* before, double share);

} // namespace weir::top
