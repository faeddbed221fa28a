#include "gateway/metrics.hpp"

#include "gateway/exposition.hpp"
#include "gateway/process_numbers.hpp"

#include <algorithm>
#include <array>
#include <boost/version.hpp>
#include <fmt/format.h>

namespace weir {

listener_books& metrics::open_listener(std::string_view protocol, bool shown) {
    const std::lock_guard lock(mutex_);
    listener_books& fresh = (shown ? listeners_ : hidden_listeners_).emplace_back();
    fresh.listener = protocol;
    return fresh;
}

sink_books& metrics::open_sink(std::string_view kind, const queue_reader& reader, bool shown) {
    const std::lock_guard lock(mutex_);
    sink_entry& fresh = (shown ? sinks_ : hidden_sinks_).emplace_back();
    fresh.books.sink = kind;
    fresh.reader = &reader;
    return fresh.books;
}

void metrics::show(const listener_books& which) {
    const std::lock_guard lock(mutex_);
    const auto place = std::ranges::find_if(
        hidden_listeners_, [&](const listener_books& each) { return &each == &which; });
    if (place != hidden_listeners_.end())
        listeners_.splice(listeners_.end(), hidden_listeners_, place);
}

void metrics::show(const sink_books& which) {
    const std::lock_guard lock(mutex_);
    const auto place = std::ranges::find_if(
        hidden_sinks_, [&](const sink_entry& each) { return &each.books == &which; });
    if (place != hidden_sinks_.end())
        sinks_.splice(sinks_.end(), hidden_sinks_, place);
}

void metrics::name(sink_books& which, std::string target) {
    const std::lock_guard lock(mutex_);
    which.target = std::move(target);
}

void metrics::end(const sink_books& gone) {
    const std::lock_guard lock(mutex_);
    for (sink_entry& each : sinks_)
        if (&each.books == &gone) {
            each.published = each.reader->published();
            each.missed = each.reader->missed();
            each.reader = nullptr;
        }
}

void metrics::forget(const listener_books& made) {
    const std::lock_guard lock(mutex_);
    const auto is_it = [&](const listener_books& each) { return &each == &made; };
    listeners_.remove_if(is_it);
    hidden_listeners_.remove_if(is_it);
}

void metrics::forget(const sink_books& made) {
    const std::lock_guard lock(mutex_);
    const auto is_it = [&](const sink_entry& each) { return &each.books == &made; };
    sinks_.remove_if(is_it);
    hidden_sinks_.remove_if(is_it);
}

std::vector<metrics::sink_totals> metrics::sinks() const {
    const std::lock_guard lock(mutex_);
    return sinks_now();
}

std::vector<metrics::sink_totals> metrics::sinks_now() const {
    std::vector<sink_totals> totals;
    for (const sink_entry& each : sinks_) {
        // What was published is read last, so that no number here is ahead of it.
        const std::uint64_t delivered = each.books.delivered_messages.value();
        const std::uint64_t lost =
            each.books.lost_messages.total() + (each.reader ? each.reader->missed() : each.missed);
        const std::uint64_t filtered = each.books.filtered_messages.value();
        totals.push_back({each.books, each.reader ? each.reader->published() : each.published,
                          delivered, lost, filtered});
    }
    return totals;
}

namespace {

#ifdef __clang__
constexpr const char* compiler = "clang " __clang_version__;
#else
constexpr const char* compiler = "gcc " __VERSION__;
#endif

double number(std::uint64_t n) { return static_cast<double>(n); }

metric_labels of(const listener_books& books) {
    return {{"listener", books.listener}, {"address", books.address}};
}

metric_labels of(const sink_books& books) {
    return {{"sink", books.sink}, {"target", books.target}};
}

bool is_live(const sink_books& books) { return books.sink == "broadcast" || books.sink == "sse"; }

bool is_scrape(const listener_books& books) { return books.listener == "scrape"; }

metric_labels with_reason(metric_labels base, std::string_view reason) {
    base.push_back({"reason", std::string(reason)});
    return base;
}

// What is asked for and does not come by itself: its targets, and how they are.
void add_scrapes(exposition& out, const std::list<listener_books>& listeners) {
    const auto family = [&](auto read) {
        for (const listener_books& books : listeners)
            if (is_scrape(books))
                out.sample(static_cast<double>(read(books.scrapes)), {{"target", books.address}});
    };
    out.counter("weir_scrapes_total", "Scrapes, the failed among them");
    family([](const scrape_books& books) { return books.done.value(); });
    out.counter("weir_scrape_failures_total", "Scrapes that gave no page");
    family([](const scrape_books& books) { return books.failed.value(); });
    out.counter("weir_scrape_skipped_total", "Scrapes left out because one was under way");
    family([](const scrape_books& books) { return books.skipped.value(); });
    out.counter("weir_scrape_parse_errors_total", "Lines of scraped pages that were no samples");
    family([](const scrape_books& books) { return books.wrong_lines.value(); });
    out.gauge("weir_scrape_up", "Whether the last scrape gave a page");
    family([](const scrape_books& books) { return books.up.value(); });
}

// As the Prometheus conventions name them.
void append_process(exposition& out) {
    const process_numbers process = read_process_numbers();
    out.counter("process_cpu_seconds_total", "User and system time");
    out.sample(process.cpu_seconds);
    out.gauge("process_resident_memory_bytes", "Memory in use");
    out.sample(number(process.resident));
    out.gauge("process_virtual_memory_bytes", "Address space in use");
    out.sample(number(process.virtual_size));
    out.gauge("process_open_fds", "Open file descriptors");
    out.sample(number(process.open_files));
    out.gauge("process_max_fds", "How many there may be");
    out.sample(process.most_files);
    out.gauge("process_threads", "Threads");
    out.sample(number(process.threads));
    out.gauge("process_start_time_seconds", "When it was started, since 1970");
    out.sample(process.started);
    out.gauge("weir_build_info", "Always 1; its labels say what runs");
    out.sample(1,
               {{"version", WEIR_VERSION}, {"compiler", compiler}, {"boost", BOOST_LIB_VERSION}});
}

} // namespace

std::string metrics::prometheus_text() const {
    const std::lock_guard lock(mutex_);
    exposition out;
    out.counter("weir_received_messages_total", "Messages that came in and were published");
    for (const listener_books& books : listeners_)
        out.sample(number(books.received_messages.value()), of(books));
    out.counter("weir_received_bytes_total", "Their payload, without framing");
    for (const listener_books& books : listeners_)
        out.sample(number(books.received_bytes.value()), of(books));
    out.counter("weir_refused_messages_total", "Messages or requests that were not taken, and why");
    for (const listener_books& books : listeners_)
        for (std::size_t i = 0; i < refusal_names.size(); ++i)
            out.sample(number(books.refused_messages[static_cast<refusal>(i)].value()),
                       with_reason(of(books), refusal_names[i]));
    out.gauge("weir_connections", "Open connections");
    for (const listener_books& books : listeners_)
        out.sample(static_cast<double>(books.connections.value()), of(books));

    add_scrapes(out, listeners_);
    out.histogram("weir_batch_messages", "Messages in the batches that were published");
    for (const listener_books& books : listeners_)
        out.sample_of(books.batches, books.received_messages.value(), 1, of(books));

    // Sinks before the queue: a total read earlier is never ahead of one read later.
    const std::vector<sink_totals> totals = sinks_now();
    out.counter("weir_delivered_messages_total", "Messages that a sink delivered");
    for (const sink_totals& sink : totals)
        out.sample(number(sink.delivered), of(sink.books));
    out.counter("weir_delivered_bytes_total", "Their payload, without framing");
    for (const sink_totals& sink : totals)
        out.sample(number(sink.books.delivered_bytes.value()), of(sink.books));
    out.counter("weir_lost_messages_total", "Messages that a sink did not deliver, and why");
    for (const sink_totals& sink : totals)
        for (std::size_t i = 0; i < loss_names.size(); ++i) {
            std::uint64_t lost = sink.books.lost_messages[static_cast<loss>(i)].value();
            if (static_cast<loss>(i) == loss::overrun)
                lost = sink.lost - (sink.books.lost_messages.total() - lost);
            out.sample(number(lost), with_reason(of(sink.books), loss_names[i]));
        }
    out.counter("weir_filtered_messages_total", "Messages that a sink's steps passed over");
    for (const sink_totals& sink : totals)
        out.sample(number(sink.filtered), of(sink.books));
    out.counter("weir_untouched_messages_total",
                "Messages that a sink's steps did not edit because they are no JSON object");
    for (const sink_totals& sink : totals)
        out.sample(number(sink.books.untouched_messages.value()), of(sink.books));
    out.gauge("weir_pending_messages", "Messages published and neither delivered nor lost yet");
    for (const sink_totals& sink : totals)
        out.sample(number(sink.pending()), of(sink.books));
    out.counter("weir_retries_total", "What a sink tried again: requests, writes");
    for (const sink_totals& sink : totals)
        out.sample(number(sink.books.retries.value()), of(sink.books));
    out.histogram("weir_delivery_seconds", "From a message's receipt to its delivery");
    for (const sink_totals& sink : totals)
        if (sink.books.sink != "redis") // sends sums, which have no time of receipt
            out.sample_of(sink.books.delivery_times, sink.books.delivery_times.sum(), 1e6,
                          of(sink.books));
    out.gauge("weir_broadcast_clients", "Browsers and others that listen to the live stream");
    for (const sink_totals& sink : totals)
        if (is_live(sink.books))
            out.sample(static_cast<double>(sink.books.clients.value()), of(sink.books));
    out.counter("weir_broadcast_missed_messages_total",
                "Messages that slow clients were skipped over");
    for (const sink_totals& sink : totals)
        if (is_live(sink.books) || sink.books.sink == "zmq")
            out.sample(number(sink.books.missed_messages.value()), of(sink.books));

    out.counter("weir_published_messages_total", "Messages that the queue took");
    out.sample(number(queue_.published_messages()));
    out.gauge("weir_queue_bytes", "Memory that the queued batches take");
    out.sample(number(queue_.bytes()));
    out.gauge("weir_queue_batches", "Batches in the queue, history included");
    out.sample(number(queue_.batches()));
    if (!traces_.empty()) {
        out.counter("weir_trace_spans_sent_total", "Spans that a collector took");
        for (const trace_books& books : traces_)
            out.sample(number(books.sent_spans.value()), {{"collector", books.collector}});
        out.counter("weir_trace_spans_dropped_total", "Spans that were dropped instead");
        for (const trace_books& books : traces_)
            out.sample(number(books.dropped_spans.value()), {{"collector", books.collector}});
    }
    append_process(out);
    return out.text();
}

namespace {

// What all sinks of one name came to, one after another.
struct sum_of_sinks {
    std::uint64_t published = 0;
    std::uint64_t delivered = 0;
    std::uint64_t filtered = 0;
    std::uint64_t lost = 0;
    std::uint64_t pending = 0;
    std::array<std::uint64_t, loss_names.size()> lost_by{};
};

std::vector<std::pair<std::string, sum_of_sinks>>
totals_by_name(const std::vector<metrics::sink_totals>& sinks) {
    std::vector<std::pair<std::string, sum_of_sinks>> all;
    for (const metrics::sink_totals& sink : sinks) {
        const std::string name = sink.books.sink + " " + sink.books.target;
        auto place = std::ranges::find(all, name, &decltype(all)::value_type::first);
        if (place == all.end())
            place = all.emplace(all.end(), name, sum_of_sinks());
        sum_of_sinks& sum = place->second;
        sum.published += sink.published;
        sum.delivered += sink.delivered;
        sum.filtered += sink.filtered;
        sum.lost += sink.lost;
        sum.pending += sink.pending();
        // What the queue gave up is in the total alone.
        sum.lost_by[0] += sink.lost - sink.books.lost_messages.total();
        for (std::size_t i = 0; i < loss_names.size(); ++i)
            sum.lost_by[i] += sink.books.lost_messages[static_cast<loss>(i)].value();
    }
    return all;
}

} // namespace

std::vector<std::string> metrics::closing_lines() const {
    std::vector<std::string> lines;
    std::uint64_t received = 0;
    std::string refused;
    for (const listener_books& books : listeners_) {
        received += books.received_messages.value();
        for (std::size_t i = 0; i < refusal_names.size(); ++i)
            if (const auto n = books.refused_messages[static_cast<refusal>(i)].value())
                refused += fmt::format(", {} refused on {} {} ({})", n, books.listener,
                                       books.address, refusal_names[i]);
    }
    lines.push_back(fmt::format("received {} messages{}", received, refused));
    for (const auto& [name, sink] : totals_by_name(sinks())) {
        std::string reasons;
        for (std::size_t i = 0; i < loss_names.size(); ++i)
            if (const std::uint64_t n = sink.lost_by[i])
                reasons += fmt::format("{}{} {}", reasons.empty() ? " (" : ", ", n, loss_names[i]);
        const std::string filtered =
            sink.filtered > 0 ? fmt::format(" + filtered {}", sink.filtered) : "";
        lines.push_back(fmt::format("{}: published {} = delivered {}{} + lost {}{} + pending {}",
                                    name, sink.published, sink.delivered, filtered, sink.lost,
                                    reasons.empty() ? reasons : reasons + ")", sink.pending));
    }
    return lines;
}

} // namespace weir
