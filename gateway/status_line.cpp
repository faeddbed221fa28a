#include "gateway/status_line.hpp"

#include <fmt/format.h>

namespace weir {

std::string short_number(double n) {
    if (n < 999.5)
        return fmt::format("{:.0f}", n);
    constexpr const char* units[] = {"k", "M", "G"};
    std::size_t unit = 0;
    for (n /= 1000; n >= 999.5 && unit < 2; n /= 1000)
        ++unit;
    return n < 9.95 ? fmt::format("{:.1f}{}", n, units[unit])
                    : fmt::format("{:.0f}{}", n, units[unit]);
}

double status_line::rate(const void* what, std::uint64_t total, double seconds) {
    const std::uint64_t before = std::exchange(totals_[what], total);
    return seconds > 0 ? static_cast<double>(total - before) / seconds : 0;
}

std::string status_line::text(std::chrono::steady_clock::time_point now) {
    const bool first = last_ == std::chrono::steady_clock::time_point();
    const double seconds = first ? 0 : std::chrono::duration<double>(now - last_).count();
    last_ = now;

    std::map<std::string, double> in; // http and ws on one port are two books of different names
    std::uint64_t refused = 0;
    for (const listener_books& books : books_.listeners()) {
        refused += books.refused_messages.total();
        if (books.listener == "admin") // takes no events
            continue;
        in[books.listener] += rate(&books, books.received_messages.value(), seconds);
    }
    std::string line = "in";
    for (const auto& [name, per_second] : in)
        line += fmt::format(" {} {}/s", name, short_number(per_second));
    line += "  out";
    std::int64_t clients = 0;
    std::uint64_t lost = 0;
    for (const metrics::sink_totals& sink : books_.sinks()) {
        const double per_second = rate(&sink.books, sink.delivered, seconds);
        line += fmt::format(" {} {}/s", sink.books.sink, short_number(per_second));
        clients += sink.books.clients.value();
        lost += sink.lost;
    }
    return line + fmt::format("  clients {}  refused {}  lost {}", clients, refused, lost);
}

} // namespace weir
