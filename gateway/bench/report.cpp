#include "gateway/bench/report.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <sys/resource.h>

namespace weir::bench {

namespace {

double seconds_of(timeval time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

double rate_of(const send_report& r) {
    return r.seconds > 0 ? static_cast<double>(r.sent) / r.seconds : 0;
}

constexpr std::pair<std::string_view, double> percentiles[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999}};

bool has_answers(const send_options& o) {
    return o.to.scheme == protocol::http || o.to.scheme == protocol::grpc;
}

double microseconds(std::uint64_t nanoseconds) { return static_cast<double>(nanoseconds) / 1000; }

} // namespace

double cpu_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

std::string short_time(std::uint64_t nanoseconds) {
    const double us = microseconds(nanoseconds);
    return us < 999.5     ? fmt::format("{:.0f} us", us)
           : us < 999.5e3 ? fmt::format("{:.2f} ms", us / 1e3)
                          : fmt::format("{:.2f} s", us / 1e6);
}

std::string latency_json(const histogram& nanoseconds) {
    std::string out = "{";
    for (const auto& [name, share] : percentiles)
        out += fmt::format("\"{}\":{:.1f},", name, microseconds(nanoseconds.percentile(share)));
    return out + fmt::format("\"max\":{:.1f}}}", microseconds(nanoseconds.max()));
}

std::string latency_text(const histogram& nanoseconds) {
    return fmt::format(
        "p50 {}   p90 {}   p99 {}   p99.9 {}   max {}", short_time(nanoseconds.percentile(0.5)),
        short_time(nanoseconds.percentile(0.9)), short_time(nanoseconds.percentile(0.99)),
        short_time(nanoseconds.percentile(0.999)), short_time(nanoseconds.max()));
}

send_report sum_up(const std::vector<std::unique_ptr<sender>>& senders) {
    send_report sum;
    auto began = senders.front()->books().began;
    auto ended = senders.front()->books().ended;
    for (const auto& each : senders) {
        const account& books = each->books();
        sum.sent += books.messages.value();
        sum.errors += books.errors.value();
        sum.latency.merge(books.latency);
        for (const auto& [status, count] : books.answers)
            sum.answers[status] += count;
        began = std::min(began, books.began);
        ended = std::max(ended, books.ended);
    }
    sum.seconds = std::chrono::duration<double>(ended - began).count();
    return sum;
}

std::string as_json(const send_options& o, const send_report& r) {
    std::string out =
        fmt::format("{{\"url\":{},\"size\":{},\"connections\":{},\"sent\":{},\"bytes\":{},"
                    "\"errors\":{},\"seconds\":{:.6f},\"rate\":{:.1f},\"cpu_seconds\":{:.6f}",
                    json_text(o.to.text), o.size.bytes, o.connections, r.sent,
                    r.sent * o.size.bytes, r.errors, r.seconds, rate_of(r), r.cpu_seconds);
    if (has_answers(o)) {
        out += fmt::format(",\"latency_us\":{},\"answers\":{{", latency_json(r.latency));
        std::string_view comma = "";
        for (const auto& [status, count] : r.answers) {
            out += fmt::format("{}\"{}\":{}", comma, status, count);
            comma = ",";
        }
        out += "}";
    }
    if (r.verify)
        out += fmt::format(
            ",\"verify\":{{\"expected\":{},\"found\":{},\"missing\":{},\"duplicates\":{},"
            "\"out_of_order\":{}}}",
            r.verify->expected, r.verify->found, r.verify->missing, r.verify->duplicates,
            r.verify->out_of_order);
    return out + "}\n";
}

int exit_status(const send_options& o, const send_report& r) {
    if (!r.verify)
        return 0;
    const bool ordered = o.to.scheme == protocol::tcp || o.to.scheme == protocol::ws;
    const sequence_verdict& v = *r.verify;
    return v.missing > 0 || v.duplicates > 0 || (ordered && v.out_of_order > 0) ? 3 : 0;
}

std::string as_text(const send_options& o, const send_report& r) {
    std::string out;
    const auto row = [&out](std::string_view name, const std::string& text) {
        add_row(out, name, text);
    };
    row("sent",
        fmt::format("{} of {} over {}", plural(r.sent, "message"), plural(o.size.bytes, "byte"),
                    plural(o.connections, o.to.scheme == protocol::udp ? "socket" : "connection")));
    row("rate",
        fmt::format("{}/s, {:.1f} MB/s", with_commas(static_cast<std::uint64_t>(rate_of(r))),
                    rate_of(r) * static_cast<double>(o.size.bytes) / 1e6));
    row("time", fmt::format("{:.2f} s, {:.2f} s of CPU to send it", r.seconds, r.cpu_seconds));
    row("errors", with_commas(r.errors));
    if (has_answers(o)) {
        row("latency", latency_text(r.latency));
        std::string answers;
        for (const auto& [status, count] : r.answers)
            answers +=
                fmt::format("{}{}: {}", answers.empty() ? "" : ", ", status, with_commas(count));
        row("answers", answers.empty() ? "none" : answers);
    }
    if (r.verify)
        row("verify", fmt::format("{} of {} found, {} missing, {} twice, {} out of order",
                                  with_commas(r.verify->found), with_commas(r.verify->expected),
                                  with_commas(r.verify->missing), with_commas(r.verify->duplicates),
                                  with_commas(r.verify->out_of_order)));
    return out;
}

} // namespace weir::bench
