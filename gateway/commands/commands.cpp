#include "gateway/commands/commands.hpp"

#include "gateway/bench/options.hpp"
#include "gateway/pid_file.hpp"
#include "gateway/send/options.hpp"
#include "gateway/tail/options.hpp"
#include "gateway/top/options.hpp"

#include <array>

namespace weir {

namespace {

template <class Options>
void describe(const std::function<void(const option_set&)>& to) {
    Options defaults;
    option_set set;
    declare(set, defaults);
    to(set);
}

void describe_bench(const std::function<void(const option_set&)>& to) {
    describe<bench::send_options>(to);
    describe<bench::live_options>(to);
}

constexpr std::array<command, 10> all{{
    {"run", "[FLAGS]", "take events in and hand them on; the command where there is none",
     run_command},
    {"check", "[FLAGS]", "print what would run, as a configuration file", check_command},
    {"reload", "PID|--pid-file PATH", "have a running weir read its configuration file again",
     reload_command, describe<reload_options>},
    {"tail", "URL [FLAGS]", "print a live stream", tail_command, describe<tail::tail_options>},
    {"send", "URL [FILE...] [FLAGS]", "send lines, each a message", send_command,
     describe<send::send_options>},
    {"top", "ADDR [FLAGS]", "watch a running weir: rates, latencies, losses", top_command,
     describe<top::top_options>},
    {"bench", "[live] URL [FLAGS]",
     "send messages as fast as they go, or at a rate; behind live: listen with many clients",
     bench_command, describe_bench},
    {"docs", "", "print the reference of every flag and option, as Markdown", docs_command},
    {"man", "", "print the manual page", man_command},
    {"completion", "bash|zsh|fish", "print what completes weir's words in a shell",
     completion_command},
}};

} // namespace

std::span<const command> commands() { return all; }

} // namespace weir
