#include "gateway/exposition.hpp"
#include "gateway/metrics.hpp"
#include "gateway/process_numbers.hpp"

#include <algorithm>
#include <boost/version.hpp>

namespace weir {

namespace {

#ifdef __clang__
constexpr const char* compiler = "clang " __clang_version__;
#else
constexpr const char* compiler = "gcc " __VERSION__;
#endif

std::string boost_version() { // 1_81 in the library's own words
    std::string version = BOOST_LIB_VERSION;
    std::ranges::replace(version, '_', '.');
    return version;
}

double number(std::uint64_t n) { return static_cast<double>(n); }
double number(std::int64_t n) { return static_cast<double>(n); }

metric_labels of(const listener_books& books) {
    return {{"listener", books.listener}, {"address", books.address}};
}

metric_labels of(const sink_books& books) {
    return {{"sink", books.sink}, {"target", books.target}};
}

metric_labels with_reason(metric_labels base, std::string_view reason) {
    base.push_back({"reason", std::string(reason)});
    return base;
}

bool is_live(const sink_books& books) { return books.sink == "broadcast" || books.sink == "sse"; }

// What is asked for and does not come by itself: its targets, and how they are.
void add_scrapes(exposition& out, const std::list<listener_books>& listeners) {
    const auto family = [&](auto read) {
        for (const listener_books& books : listeners)
            if (books.listener == "scrape")
                out.sample(number(read(books.scrapes)), {{"target", books.address}});
    };
    out.counter("weir_scrapes_total", "Scrapes of a target, the failed among them");
    family([](const scrape_books& books) { return books.done.value(); });
    out.counter("weir_scrape_failures_total", "Scrapes of a target that gave no page");
    family([](const scrape_books& books) { return books.failed.value(); });
    out.counter("weir_scrape_skipped_total", "Scrapes left out because one was under way");
    family([](const scrape_books& books) { return books.skipped.value(); });
    out.counter("weir_scrape_parse_errors_total", "Lines of scraped pages that were no samples");
    family([](const scrape_books& books) { return books.wrong_lines.value(); });
    out.gauge("weir_scrape_up", "1 where the last scrape of a target gave a page, else 0");
    for (const listener_books& books : listeners)
        if (books.scrapes.done.value() > 0 && books.scrapes.up.value() >= 0) // of what still runs
            out.sample(number(books.scrapes.up.value()), {{"target", books.address}});
}

void add_listeners(exposition& out, const std::list<listener_books>& listeners) {
    const auto family = [&](auto read) {
        for (const listener_books& books : listeners)
            out.sample(number(read(books)), of(books));
    };
    out.counter("weir_received_messages_total", "Messages that came in and were published");
    family([](const listener_books& books) { return books.received_messages.value(); });
    out.counter("weir_received_bytes_total",
                "Payload of the messages that came in and were published, without framing");
    family([](const listener_books& books) { return books.received_bytes.value(); });
    out.counter("weir_refused_messages_total", "Messages or requests that were not taken, and why");
    for (const listener_books& books : listeners)
        for (std::size_t i = 0; i < refusal_names.size(); ++i)
            out.sample(number(books.refused_messages[static_cast<refusal>(i)].value()),
                       with_reason(of(books), refusal_names[i]));
    out.gauge("weir_connections", "Open connections of a listener");
    family([](const listener_books& books) { return books.connections.value(); });
    add_scrapes(out, listeners);
    out.histogram("weir_batch_messages", "Messages in a batch as it was published");
    for (const listener_books& books : listeners)
        out.sample_of(books.batches, books.received_messages.value(), 1, of(books));
}

// What slow clients miss is theirs, and no loss of the sink's.
void add_live(exposition& out, const std::vector<metrics::sink_totals>& sinks) {
    out.gauge("weir_broadcast_clients", "Clients that listen to the live stream");
    for (const metrics::sink_totals& sink : sinks)
        if (is_live(sink.books))
            out.sample(number(sink.books.clients.value()), of(sink.books));
    out.counter("weir_broadcast_missed_messages_total",
                "Messages that slow clients were skipped over, summed over the clients");
    for (const metrics::sink_totals& sink : sinks)
        if (is_live(sink.books) || sink.books.sink == "zmq")
            out.sample(number(sink.books.missed_messages.value()), of(sink.books));
}

void add_sinks(exposition& out, const std::vector<metrics::sink_totals>& sinks) {
    const auto family = [&](auto read) {
        for (const metrics::sink_totals& sink : sinks)
            out.sample(number(read(sink)), of(sink.books));
    };
    using totals = metrics::sink_totals;
    out.counter("weir_delivered_messages_total", "Messages that a sink delivered");
    family([](const totals& sink) { return sink.delivered; });
    out.counter("weir_delivered_bytes_total",
                "Payload of the messages that a sink delivered, without framing");
    family([](const totals& sink) { return sink.books.delivered_bytes.value(); });
    out.counter("weir_lost_messages_total", "Messages that a sink did not deliver, and why");
    for (const totals& sink : sinks)
        for (std::size_t i = 0; i < loss_names.size(); ++i)
            out.sample(number(sink.lost_by[i]), with_reason(of(sink.books), loss_names[i]));
    out.counter("weir_filtered_messages_total", "Messages that a sink's steps passed over");
    family([](const totals& sink) { return sink.filtered; });
    out.counter("weir_untouched_messages_total",
                "Messages that a sink's steps did not edit because they are no JSON object");
    family([](const totals& sink) { return sink.books.untouched_messages.value(); });
    out.gauge("weir_pending_messages",
              "Messages that a sink has neither delivered, passed over nor lost yet");
    family([](const totals& sink) { return sink.pending(); });
    out.counter("weir_retries_total", "Requests or writes that a sink tried again");
    family([](const totals& sink) { return sink.books.retries.value(); });
    out.histogram("weir_delivery_seconds", "Time from a message's receipt to its delivery");
    for (const totals& sink : sinks)
        out.sample_of(sink.books.delivery_times, sink.books.delivery_times.sum(), 1e6,
                      of(sink.books));
    out.histogram("weir_delivery_messages", "Messages that a sink delivered together");
    for (const totals& sink : sinks)
        out.sample_of(sink.books.deliveries, sink.delivered, 1, of(sink.books));
    add_live(out, sinks);
}

void add_queue(exposition& out, const queue& source) {
    out.counter("weir_published_messages_total", "Messages that the queue took");
    out.sample(number(source.published_messages()));
    out.gauge("weir_queue_bytes", "Memory that the queued batches take");
    out.sample(number(source.bytes()));
    out.gauge("weir_queue_batches", "Batches in the queue, history included");
    out.sample(number(source.batches()));
}

void add_traces(exposition& out, const std::deque<trace_books>& collectors) {
    if (collectors.empty())
        return;
    out.counter("weir_trace_spans_sent_total", "Spans that a collector took");
    for (const trace_books& books : collectors)
        out.sample(number(books.sent_spans.value()), {{"collector", books.collector}});
    out.counter("weir_trace_spans_dropped_total",
                "Spans that a collector did not take, or that had no room while it was slow");
    for (const trace_books& books : collectors)
        out.sample(number(books.dropped_spans.value()), {{"collector", books.collector}});
}

// Names and texts as Prometheus's own clients have them.
void add_process(exposition& out) {
    const process_numbers process = read_process_numbers();
    out.counter("process_cpu_seconds_total", "Total user and system CPU time spent in seconds");
    out.sample(process.cpu_seconds);
    out.gauge("process_resident_memory_bytes", "Resident memory size in bytes");
    out.sample(number(process.resident));
    out.gauge("process_virtual_memory_bytes", "Virtual memory size in bytes");
    out.sample(number(process.virtual_size));
    out.gauge("process_open_fds", "Number of open file descriptors");
    out.sample(number(process.open_files));
    out.gauge("process_max_fds", "Maximum number of open file descriptors");
    out.sample(process.most_files);
    out.gauge("process_threads", "Number of threads");
    out.sample(number(process.threads));
    out.gauge("process_start_time_seconds", "Start time of the process since 1970 in seconds");
    out.sample(process.started);
    out.gauge("weir_build_info", "Always 1; its labels say what runs");
    out.sample(1, {{"version", WEIR_VERSION}, {"compiler", compiler}, {"boost", boost_version()}});
}

} // namespace

std::string metrics::prometheus_text() const {
    const std::lock_guard lock(mutex_);
    exposition out;
    add_listeners(out, listeners_);
    // Sinks before the queue: a total read earlier is never ahead of one read later.
    add_sinks(out, sinks_now());
    add_queue(out, queue_);
    add_traces(out, traces_);
    // Named as Prometheus's own are, so that the usual alert finds them.
    out.gauge("weir_config_last_reload_successful", "Whether what was told last runs, all of it");
    out.sample(reloaded_whole_ ? 1 : 0);
    out.gauge("weir_config_last_reload_success_timestamp_seconds",
              "When all that was told last began to run, since 1970 in seconds");
    out.sample(number(last_whole_));
    add_process(out);
    return out.text();
}

} // namespace weir
