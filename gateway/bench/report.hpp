// What the benchmarks say in the end, for people and as JSON. Main thread, when all is done.
#pragma once

#include "gateway/bench/sender.hpp"
#include "gateway/bench/sequence.hpp"
#include "gateway/client/report_text.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace weir::bench {

struct send_report {
    std::uint64_t sent = 0;
    std::uint64_t errors = 0;
    double seconds = 0; // from the first send to when the last byte was taken
    double cpu_seconds = 0;
    histogram latency;
    std::map<unsigned, std::uint64_t> answers;
    std::optional<sequence_verdict> verify;
};

send_report sum_up(const std::vector<std::unique_ptr<sender>>& senders);
std::string as_text(const send_options& o, const send_report& r);
std::string as_json(const send_options& o, const send_report& r);

int exit_status(const send_options& o, const send_report& r);

// User and system time of this process so far.
double cpu_seconds();

// Parts that the report about live clients has, too.
std::string latency_json(const histogram& nanoseconds);
std::string latency_text(const histogram& nanoseconds);
std::string short_time(std::uint64_t nanoseconds); // 240 us, 1.27 ms, 2.31 s

} // namespace weir::bench
