#include "gateway/bench/crew.hpp"
#include "gateway/bench/report.hpp"
#include "gateway/bench/sender.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/descriptor_limit.hpp"

#include <cstdio>
#include <fmt/format.h>

namespace weir {

namespace {

using namespace bench;

int send(const send_options& wanted) {
    raise_descriptor_limit();
    const destination to(wanted.to);
    std::vector<std::unique_ptr<sender>> senders;
    for (unsigned i = 0; i < wanted.threads; ++i)
        senders.push_back(make_sender(wanted, to, i));
    std::vector<task> tasks;
    for (const auto& each : senders)
        tasks.push_back([&each](const std::atomic<bool>& stop) { each->run(stop); });

    const double cpu_before = cpu_seconds();
    run_crew(tasks, [] {});
    send_report report = sum_up(senders);
    report.cpu_seconds = cpu_seconds() - cpu_before;
    fmt::print("{}", wanted.json ? as_json(wanted, report) : as_text(wanted, report));
    return 0;
}

} // namespace

int bench_command(std::span<const std::string> words) {
    send_options wanted;
    if (!read_words(words, wanted)) {
        fmt::print("{}", send_help());
        return 0;
    }
    return send(wanted);
}

} // namespace weir
