// What was lost for want of room, as lines for the log: what the queue gave up before a sink had
// read it, what it refused, what the kernel dropped. All other losses are told by whoever decides
// on them. Main thread.
#pragma once

#include "gateway/metrics.hpp"

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace weir {

class loss_watch {
public:
    using clock = std::chrono::steady_clock;

    explicit loss_watch(const metrics& books) : books_(books) {}

    struct line {
        std::string component;
        std::string text;
    };
    // Since the last call; of each loss at each place one line in ten seconds, which has them all.
    std::vector<line> lines(clock::time_point now);

private:
    struct said {
        std::uint64_t total = 0;
        clock::time_point again{};
    };
    // How many to tell of now, which may be none.
    std::uint64_t fresh(const void* books, std::size_t reason, std::uint64_t total,
                        clock::time_point now);

    const metrics& books_;
    std::map<std::pair<const void*, std::size_t>, said> said_; // by the address of their books
};

} // namespace weir
