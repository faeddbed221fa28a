// Runs one task on a thread each, while the main thread watches: it tells how far they are, and
// ends them at SIGINT or SIGTERM.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

namespace weir::bench {

using task = std::function<void(const std::atomic<bool>& stop)>;

// Returns when all tasks have. `watch` is called four times a second. What leaves a task stops the
// others and is thrown here.
void run_crew(const std::vector<task>& tasks, const std::function<void()>& watch);

} // namespace weir::bench
