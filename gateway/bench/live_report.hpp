// What `weir bench live` says in the end, for people and as JSON. Main thread, when all is done.
#pragma once

#include "gateway/bench/live_clients.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir::bench {

struct live_report {
    std::uint64_t received = 0;
    std::uint64_t bytes = 0;
    std::uint64_t gap_frames = 0;
    std::uint64_t missed = 0;
    std::uint64_t ended = 0; // clients that the server closed
    double seconds = 0;      // from the first event to the last
    double cpu_seconds = 0;
    std::uint64_t least = 0; // events a client
    std::uint64_t most = 0;
    histogram latency;
    sequence_verdict verify;
};

live_report sum_up(const std::vector<std::unique_ptr<live_clients>>& parts);
std::string as_text(const live_options& o, const live_report& r);
std::string as_json(const live_options& o, const live_report& r);
int exit_status(const live_options& o, const live_report& r);

} // namespace weir::bench
