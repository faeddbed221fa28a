// The Gateway owns the io threads, the queue, the listeners and the sinks; opens, starts, drains
// and stops them. One thread, the main one, calls it; the routes it serves are called from io
// threads.
#pragma once

#include "gateway/io_pool.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir {

class gateway {
public:
    explicit gateway(const settings& s);
    ~gateway();

    void open();  // binds every port, opens every file; throws startup_error
    void start(); // runs
    void reopen_files();

    // Stops listening, drains, and gives up what is left after the drain timeout, or as soon as
    // `hurry` says so (it is asked several times a second). False: something hangs in the kernel
    // and can't be destroyed; the process has to end as it stands.
    bool stop(const std::function<bool()>& hurry);

    const metrics& books() const { return metrics_; }
    std::vector<std::string> introduction() const; // what listens, what is written, a line to paste
    bool lost_something() const;

private:
    struct running_listener {
        std::string_view flag;
        std::string live_path; // empty: it does not serve the live stream
        std::unique_ptr<listener> runs;
        std::vector<listener_books*> books; // one a protocol
        sink_books* port_of = nullptr;      // of a sink that has a port of its own
    };
    struct running_sink {
        std::string_view flag;
        std::unique_ptr<queue_reader> reader;
        sink_books* books = nullptr;
        std::unique_ptr<sink> runs;
    };
    using make_listener = std::function<std::unique_ptr<listener>(const listener_parts&)>;

    void add_sink(const sink_spec& spec, std::span<const ordered_option> steps);
    void add_listener(std::string_view flag, const make_listener& make, const http_routes& routes,
                      std::string live_path);
    http_routes own_routes();

    io_pool pool_;
    std::unique_ptr<queue> queue_;
    metrics metrics_;
    std::vector<std::string> listener_names_; // by source_id; whole when the sinks start
    std::vector<running_sink> sinks_;
    std::vector<running_listener> listeners_;
    std::vector<std::unique_ptr<http_routes>> routes_; // listeners refer to them
    duration drain_timeout_;
    std::atomic<bool> ready_{false};
};

} // namespace weir
