// All the books of a run, and what is made of them: the Prometheus text at /metrics, the numbers of
// the status line, the last words. The main thread opens and ends books; the texts are made on any.
//
// What a component has counted stays in all of them when it is gone. Books of the same name, as a
// listener's on the same address before and after a change, are summed up.
#pragma once

#include "base/books.hpp"
#include "gateway/trace_exporter.hpp"
#include "queues/queue.hpp"

#include <array>
#include <ctime>
#include <deque>
#include <list>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class metrics {
public:
    explicit metrics(const queue& source) : queue_(source) {}

    // Both live as long as this. What is not shown yet may be named freely by whoever it is for;
    // what is shown, or runs, has its names for good, for whoever counts or traces reads them.
    listener_books& open_listener(std::string_view protocol, bool shown = true);
    sink_books& open_sink(std::string_view kind, const queue_reader& reader, bool shown = true);

    void show(const listener_books& which);
    void show(const sink_books& which);

    void end(const sink_books& gone);        // its reader is about to go, and the books stay
    void forget(const listener_books& made); // of what never ran
    void forget(const sink_books& made);

    // As of one moment, or nearly: each number is read once.
    struct sink_totals {
        const sink_books& books;
        std::uint64_t published = 0;
        std::uint64_t delivered = 0;
        std::uint64_t lost = 0; // in all
        std::uint64_t filtered = 0;
        std::array<std::uint64_t, loss_names.size()> lost_by{}; // of which the queue's overruns
        std::uint64_t pending() const {
            return published - std::min(published, delivered + lost + filtered);
        }
    };
    std::vector<sink_totals> sinks() const;
    const std::list<listener_books>& listeners() const { return listeners_; } // main thread

    void
    reloaded(bool whole); // or started; false: what was told before still runs, at least in part

    std::deque<trace_books>& traces() { return traces_; } // filled before anything runs

    std::string prometheus_text() const;
    std::vector<std::string> closing_lines() const; // one a sink, one for what was refused

private:
    struct sink_entry {
        sink_books books;
        const queue_reader* reader = nullptr;
        std::uint64_t published = 0; // once the reader is gone
        std::uint64_t missed = 0;
    };
    std::vector<sink_totals> sinks_now() const; // with the mutex held

    const queue& queue_;
    mutable std::mutex mutex_;            // of the lists; counters need none
    std::list<listener_books> listeners_; // lists: what is handed out never moves
    std::list<sink_entry> sinks_;
    std::list<listener_books> hidden_listeners_;
    std::list<sink_entry> hidden_sinks_;
    std::deque<trace_books> traces_;
    bool reloaded_whole_ = true;
    std::time_t last_whole_ = std::time(nullptr);
};

} // namespace weir
