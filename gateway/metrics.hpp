// All the books of a run, and what is made of them: the Prometheus text at /metrics, the numbers of
// the status line, the last words. Books are opened before anything runs; reading is thread-safe.
#pragma once

#include "base/books.hpp"
#include "queues/queue.hpp"

#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class metrics {
public:
    explicit metrics(const queue& source) : queue_(source) {}

    // Both live as long as this.
    listener_books& open_listener(std::string_view protocol);
    sink_books& open_sink(std::string_view kind, const queue_reader& reader);

    struct sink_totals {
        const sink_books& books;
        std::uint64_t published;
        std::uint64_t delivered;
        std::uint64_t lost; // overrun included
        std::uint64_t filtered;
        std::uint64_t pending() const {
            return published - std::min(published, delivered + lost + filtered);
        }
    };
    std::vector<sink_totals> sinks() const;
    const std::deque<listener_books>& listeners() const { return listeners_; }

    std::string prometheus_text() const;
    std::vector<std::string> closing_lines() const; // one a sink, one for what was refused

private:
    struct sink_entry {
        sink_books books;
        const queue_reader* reader = nullptr;
    };

    const queue& queue_;
    std::deque<listener_books> listeners_; // deques: what is handed out never moves
    std::deque<sink_entry> sinks_;
};

} // namespace weir
