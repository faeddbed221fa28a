#include "gateway/bench/live_report.hpp"

#include "gateway/bench/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>

namespace weir::bench {

namespace {

double rate_of(const live_report& r) {
    return r.seconds > 0 ? static_cast<double>(r.received) / r.seconds : 0;
}

} // namespace

live_report sum_up(const std::vector<std::unique_ptr<live_clients>>& parts) {
    live_report sum;
    sum.least = std::numeric_limits<std::uint64_t>::max();
    auto first = std::chrono::steady_clock::time_point::max();
    auto last = std::chrono::steady_clock::time_point::min();
    for (const auto& part : parts) {
        const live_account& books = part->books();
        sum.received += books.events.value();
        sum.bytes += books.bytes.value();
        sum.gap_frames += books.gap_frames.value();
        sum.missed += books.missed.value();
        sum.ended += books.ended.value();
        sum.latency.merge(books.latency);
        sum.verify.add(books.verify);
        for (const std::uint64_t events : books.each) {
            sum.least = std::min(sum.least, events);
            sum.most = std::max(sum.most, events);
        }
        if (books.events.value() > 0) {
            first = std::min(first, books.first);
            last = std::max(last, books.last);
        }
    }
    if (sum.received > 0)
        sum.seconds = std::chrono::duration<double>(last - first).count();
    return sum;
}

int exit_status(const live_options& o, const live_report& r) {
    const bool faulty = r.verify.missing + r.verify.duplicates + r.verify.out_of_order > 0;
    return faulty || r.least < o.expect.value ? 3 : 0;
}

std::string as_json(const live_options& o, const live_report& r) {
    std::string out = fmt::format(
        "{{\"url\":{},\"clients\":{},\"received\":{},\"bytes\":{},\"gap_frames\":{},\"missed\":{},"
        "\"ended\":{},\"seconds\":{:.6f},\"rate\":{:.1f},\"cpu_seconds\":{:.6f},"
        "\"per_client\":{{\"min\":{},\"max\":{}}}",
        json_text(o.to.text), o.clients, r.received, r.bytes, r.gap_frames, r.missed, r.ended,
        r.seconds, rate_of(r), r.cpu_seconds, r.least, r.most);
    if (r.latency.count() > 0) {
        out += fmt::format(",\"latency_us\":{},\"histogram_us\":[", latency_json(r.latency));
        std::string_view comma = "";
        for (const auto& [upper, count] : r.latency.steps(1000)) {
            out += fmt::format("{}[{},{}]", comma, upper / 1000, count);
            comma = ",";
        }
        out += "]";
    }
    if (o.verify)
        out += fmt::format(",\"verify\":{{\"missing\":{},\"duplicates\":{},\"out_of_order\":{}}}",
                           r.verify.missing, r.verify.duplicates, r.verify.out_of_order);
    return out + "}\n";
}

std::string as_text(const live_options& o, const live_report& r) {
    std::string out;
    add_row(out, "clients",
            fmt::format("{}, {} closed by the server", with_commas(o.clients),
                        r.ended == 0 ? "none" : with_commas(r.ended)));
    add_row(out, "events",
            fmt::format("{}, {} to {} a client, {:.1f} MB", with_commas(r.received),
                        with_commas(r.least), with_commas(r.most),
                        static_cast<double>(r.bytes) / 1e6));
    add_row(out, "gaps",
            fmt::format("{}, {} events missed", with_commas(r.gap_frames), with_commas(r.missed)));
    add_row(out, "rate", fmt::format("{}/s", with_commas(static_cast<std::uint64_t>(rate_of(r)))));
    add_row(out, "time",
            fmt::format("{:.2f} s, {:.2f} s of CPU to receive it", r.seconds, r.cpu_seconds));
    if (o.verify)
        add_row(out, "verify",
                fmt::format("{} missing, {} twice, {} out of order", with_commas(r.verify.missing),
                            with_commas(r.verify.duplicates), with_commas(r.verify.out_of_order)));
    if (r.latency.count() > 0) {
        add_row(out, "latency", latency_text(r.latency));
        for (const auto& [upper, count] : r.latency.steps(1000)) {
            const double share =
                static_cast<double>(count) / static_cast<double>(r.latency.count());
            add_row(out, "",
                    fmt::format("<= {:<8}{:5.1f} %  {}", short_time(upper), share * 100,
                                std::string(static_cast<std::size_t>(share * 50 + 0.5), '#')));
        }
    }
    return out;
}

} // namespace weir::bench
