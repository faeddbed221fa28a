#include "gateway/bench/crew.hpp"
#include "gateway/bench/file_check.hpp"
#include "gateway/bench/live_report.hpp"
#include "gateway/bench/report.hpp"
#include "gateway/client/progress.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/descriptor_limit.hpp"

#include <algorithm>
#include <cstdio>
#include <fmt/format.h>
#include <numeric>
#include <optional>

namespace weir {

namespace {

using namespace bench;

// Runs all parts and returns what that cost of CPU time.
template <class Part>
double run_parts(const std::vector<std::unique_ptr<Part>>& parts,
                 const std::function<void()>& watch) {
    std::vector<task> tasks;
    for (const auto& each : parts)
        tasks.emplace_back([part = each.get()](const std::atomic<bool>& stop) { part->run(stop); });
    const double before = cpu_seconds();
    run_crew(tasks, watch);
    return cpu_seconds() - before;
}

// One of all parts' counters, summed.
template <class Part, class Counter>
std::uint64_t total(const std::vector<std::unique_ptr<Part>>& parts, Counter which) {
    return std::accumulate(parts.begin(), parts.end(), std::uint64_t{0},
                           [which](std::uint64_t sum, const auto& part) {
                               return sum + (part->books().*which).value();
                           });
}

// "3 s left"
std::string time_left(duration time, const progress& line) {
    const std::chrono::duration<double> left = time - line.elapsed();
    return fmt::format("{:.0f} s left", std::max(left.count(), 0.0));
}

int send(const send_options& wanted) {
    std::optional<file_check> file;
    if (!wanted.verify.empty())
        file.emplace(wanted);
    const destination to(wanted.to);
    std::vector<std::unique_ptr<sender>> senders;
    for (unsigned i = 0; i < wanted.threads; ++i)
        senders.push_back(make_sender(wanted, to, i));

    send_report report;
    {
        progress line(wanted.progress);
        const double cpu = run_parts(senders, [&] {
            const std::uint64_t sent = total(senders, &account::messages);
            const std::uint64_t count = wanted.count.value;
            line.show(sent, "sent",
                      fmt::format("{} errors  {}", total(senders, &account::errors),
                                  count == 0 ? time_left(wanted.time, line)
                                             : fmt::format("{} %", sent * 100 / count)));
        });
        report = sum_up(senders);
        report.cpu_seconds = cpu;
    }
    if (file) {
        std::vector<sent_from> sent;
        for (const auto& each : senders)
            sent.insert(sent.end(), each->books().sent.begin(), each->books().sent.end());
        report.verify = file->look_for(sent);
    }
    fmt::print("{}", wanted.json ? as_json(wanted, report) : as_text(wanted, report));
    return exit_status(wanted, report);
}

int listen(const live_options& wanted) {
    const destination to(wanted.to);
    std::vector<std::unique_ptr<live_clients>> parts;
    for (unsigned i = 0; i < wanted.threads; ++i)
        parts.push_back(std::make_unique<live_clients>(wanted, to, i));
    fmt::print(stderr, "ready\n");

    live_report report;
    {
        progress line(wanted.progress);
        const double cpu = run_parts(parts, [&] {
            line.show(total(parts, &live_account::events), "events",
                      fmt::format("{} missed  {}", total(parts, &live_account::missed),
                                  time_left(wanted.time, line)));
        });
        report = sum_up(parts);
        report.cpu_seconds = cpu;
    }
    fmt::print("{}", wanted.json ? as_json(wanted, report) : as_text(wanted, report));
    return exit_status(wanted, report);
}

} // namespace

int bench_command(std::span<const std::string> words) {
    raise_descriptor_limit();
    if (!words.empty() && words[0] == "live") {
        live_options wanted;
        if (read_words(words.subspan(1), wanted))
            return listen(wanted);
        fmt::print("{}", live_help());
        return 0;
    }
    send_options wanted;
    if (read_words(words, wanted))
        return send(wanted);
    fmt::print("{}", send_help());
    return 0;
}

} // namespace weir
