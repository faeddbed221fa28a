#include "gateway/metrics.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

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

using labels = std::vector<prometheus::ClientMetric::Label>;

// Builds one family after another; a sample is a value and its labels.
class exposition {
public:
    void family(const char* name, const char* help, prometheus::MetricType type) {
        families_.push_back({name, help, type, {}});
        places_.clear();
    }
    void counter(const char* name, const char* help) {
        family(name, help, prometheus::MetricType::Counter);
    }
    void gauge(const char* name, const char* help) {
        family(name, help, prometheus::MetricType::Gauge);
    }
    // Of those with the same labels, the sum.
    void sample(double value, labels with = {}) {
        prometheus::MetricFamily& family = families_.back();
        std::string name;
        for (const prometheus::ClientMetric::Label& each : with)
            name += each.value + '\0';
        const auto [place, fresh] = places_.emplace(std::move(name), family.metric.size());
        if (fresh)
            family.metric.emplace_back().label = std::move(with);
        prometheus::ClientMetric& metric = family.metric[place->second];
        if (family.type == prometheus::MetricType::Counter)
            metric.counter.value += value;
        else
            metric.gauge.value += value;
    }
    std::string text() const { return prometheus::TextSerializer().Serialize(families_); }

private:
    std::vector<prometheus::MetricFamily> families_;
    std::map<std::string, std::size_t> places_; // in the last family, by its labels
};

double number(std::uint64_t n) { return static_cast<double>(n); }

labels of(const listener_books& books) {
    return {{"listener", books.listener}, {"address", books.address}};
}

labels of(const sink_books& books) { return {{"sink", books.sink}, {"target", books.target}}; }

bool is_live(const sink_books& books) { return books.sink == "broadcast" || books.sink == "sse"; }

bool is_scrape(const listener_books& books) { return books.listener == "scrape"; }

labels with_reason(labels base, std::string_view reason) {
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
