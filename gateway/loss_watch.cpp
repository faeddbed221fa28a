#include "gateway/loss_watch.hpp"

#include <fmt/format.h>

namespace weir {

std::uint64_t loss_watch::fresh(const void* books, std::size_t reason, std::uint64_t total,
                                clock::time_point now) {
    if (total == 0)
        return 0;
    said& before = said_[{books, reason}];
    if (now < before.again || total == before.total)
        return 0;
    before.again = now + std::chrono::seconds(10);
    return total - std::exchange(before.total, total);
}

std::vector<loss_watch::line> loss_watch::lines(clock::time_point now) {
    std::vector<line> out;
    for (const listener_books& books : books_.listeners())
        for (const refusal why : {refusal::kernel_drop, refusal::queue_full}) {
            const auto reason = static_cast<std::size_t>(why);
            const std::uint64_t total = books.refused_messages[why].value();
            if (const std::uint64_t n = fresh(&books, reason, total, now))
                out.push_back(
                    {books.listener, fmt::format("{}: messages refused ({}): {}", books.address,
                                                 refusal_names[reason], n)});
        }
    constexpr auto overrun = static_cast<std::size_t>(loss::overrun);
    for (const metrics::sink_totals& sink : books_.sinks())
        if (const std::uint64_t n = fresh(&sink.books, overrun, sink.lost_by[overrun], now))
            out.push_back(
                {sink.books.sink, fmt::format("{}: messages lost ({}): {}", sink.books.target,
                                              loss_names[overrun], n)});
    return out;
}

} // namespace weir
