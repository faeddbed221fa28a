#include "gateway/metrics.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace weir {

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
        for (std::size_t i = 0; i < loss_names.size(); ++i)
            sum.lost_by[i] += sink.lost_by[i];
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
    for (const trace_books& books : traces_)
        lines.push_back(fmt::format("trace {}: {} spans sent, {} dropped", books.collector,
                                    books.sent_spans.value(), books.dropped_spans.value()));
    return lines;
}

} // namespace weir
