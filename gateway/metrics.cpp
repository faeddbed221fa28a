#include "gateway/metrics.hpp"

#include <algorithm>
#include <numeric>

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

void metrics::reloaded(bool whole) {
    const std::lock_guard lock(mutex_);
    reloaded_whole_ = whole;
    if (whole)
        last_whole_ = std::time(nullptr);
}

std::vector<metrics::sink_totals> metrics::sinks() const {
    const std::lock_guard lock(mutex_);
    return sinks_now();
}

std::vector<metrics::sink_totals> metrics::sinks_now() const {
    std::vector<sink_totals> totals;
    for (const sink_entry& each : sinks_) {
        sink_totals& of = totals.emplace_back(sink_totals{each.books});
        of.delivered = each.books.delivered_messages.value();
        for (std::size_t i = 0; i < loss_names.size(); ++i)
            of.lost_by[i] = each.books.lost_messages[static_cast<loss>(i)].value();
        of.lost_by[static_cast<std::size_t>(loss::overrun)] +=
            each.reader ? each.reader->missed() : each.missed;
        of.lost = std::accumulate(of.lost_by.begin(), of.lost_by.end(), std::uint64_t{0});
        of.filtered = each.books.filtered_messages.value();
        // Last, so that no number here is ahead of it.
        of.published = each.reader ? each.reader->published() : each.published;
    }
    return totals;
}

} // namespace weir
