// The Gateway owns the io threads, the queue, the listeners and the sinks; opens, starts, changes,
// drains and stops them. One thread, the main one, calls it; the routes it serves are called from
// io threads.
#pragma once

#include "gateway/ending_reader.hpp"
#include "gateway/io_pool.hpp"
#include "gateway/metrics.hpp"
#include "gateway/settings.hpp"
#include "gateway/tracer.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
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

    // Becomes what is wanted: stops the listeners and sinks that are not in it, starts those that
    // are new, and leaves alone those that are the same. Throws usage_error or startup_error where
    // that can't be, and nothing has changed then. Takes as long as what stops needs to drain, at
    // most the drain timeout, or until `hurry` says so. Logs what it does. False: not all of it
    // runs.
    bool reload(const settings& wanted, const std::function<bool()>& hurry);
    void note_reload(bool whole) { metrics_.reloaded(whole); } // for /metrics

    // Stops listening, drains, and gives up what is left after the drain timeout, or as soon as
    // `hurry` says so (it is asked several times a second). False: something hangs in the kernel
    // and can't be destroyed; the process has to end as it stands.
    bool stop(const std::function<bool()>& hurry);

    const metrics& books() const { return metrics_; }
    std::vector<std::string> introduction() const; // what listens, what is written, a line to paste
    bool lost_something() const;

private:
    using clock = std::chrono::steady_clock;
    struct running_listener {
        std::string_view flag;
        std::string name; // that the user gave it, or ""
        std::string shown;
        told from;
        std::string live_path; // empty: it does not serve the live stream
        source_id source = 0;
        std::unique_ptr<listener> runs;
        std::vector<listener_books*> books; // one a protocol
        sink_books* port_of = nullptr;      // of a sink that has a port of its own
    };
    struct running_sink {
        std::string_view flag;
        std::string shown;
        told from;
        std::optional<byte_size>
            live_history; // of the stream of the HTTP ports, which alone has it
        bool has_port = false;
        std::unique_ptr<queue_reader> source;
        std::unique_ptr<ending_reader> reader;
        sink_books* books = nullptr;
        std::vector<ordered_option> own_steps; // behind those for all
        std::shared_ptr<pipeline> steps;
        std::unique_ptr<sink> runs;
    };
    // Lists, so that one can go while others are referred to.
    using listener_list = std::list<running_listener>;
    using sink_list = std::list<running_sink>;
    using step_list = std::vector<ordered_option>;
    struct change; // gateway/change.hpp
    using make_listener = std::function<std::unique_ptr<listener>(const listener_parts&)>;

    // Make one, at the end of a list; they throw usage_error.
    running_sink& add_sink(const sink_spec& spec, const step_list& common, sink_list& to);
    std::unique_ptr<pipeline> steps_before(const running_sink& sink, const step_list& common) const;
    void add_port(const sink_spec& spec, running_sink& of, listener_list& to);
    void add_listener(const listener_spec& spec, const http_routes& routes, listener_list& to);
    running_listener& add_listener(std::string_view flag, const make_listener& make,
                                   const http_routes& routes, listener_list& to);
    static std::optional<byte_size> wanted_history(std::span<const listener_spec> listeners);
    http_routes own_routes();
    http_routes shared_routes(const sink_list& sinks);
    void open(running_listener& which);
    static void name_by_port(const running_sink& which, const listener_list& ports);
    void show(const running_listener& which);

    // Wait for all to end; false where the deadline came, or the hurry, before that.
    template <class Parts>
    static bool ended_by(const Parts& parts, clock::time_point until,
                         const std::function<bool()>& hurried);
    void count_what_is_left(const running_sink& of);
    void take_over(const run_options& wanted);

    io_pool pool_;
    std::unique_ptr<queue> queue_;
    metrics metrics_;
    std::unique_ptr<tracer> tracer_;          // null without --trace
    std::vector<std::string> listener_names_; // by source_id; each is there before it listens
    source_id next_source_ = 0;
    sink_list sinks_;
    listener_list listeners_;
    sink_list hanging_sinks_; // what did not end when it was to go
    listener_list hanging_listeners_;
    step_list steps_; // in front of every sink's own
    run_options run_;
    std::atomic<bool> ready_{false};
};

template <class Parts>
bool gateway::ended_by(const Parts& parts, clock::time_point until,
                       const std::function<bool()>& hurried) {
    for (const auto& part : parts)
        while (!part.runs->tasks().wait_until(
            std::min(until, clock::now() + std::chrono::milliseconds(100))))
            if (clock::now() >= until || hurried())
                return false;
    return true;
}

} // namespace weir
