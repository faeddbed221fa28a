#include "gateway/help.hpp"

#include "gateway/help_rows.hpp"
#include "gateway/settings.hpp"
#include "queues/steps/pipeline.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

constexpr std::string_view introduction =
    R"(weir takes events from every common way of sending them, keeps the newest in one
shared ring and hands them to files, HTTP and browsers.

Usage: weir [run] [FLAGS]         take events in and hand them on
       weir check [FLAGS]         print what would run, as a configuration file
       weir reload PID            have a running weir read its file again
       weir tail URL [FLAGS]      print a live stream
       weir send URL [FILE...]    send lines, each a message
       weir top ADDR              watch a running weir: rates, latencies, losses
       weir bench URL [FLAGS]     send messages as fast as they go, or at a rate
       weir bench live URL        listen to the live stream with many clients
       weir COMMAND --help        the flags of one of them

Every listener and sink is a flag that can be given many times, with options after
commas: --udp :9000,rcvbuf=64MiB,sockets=2. An address is :PORT, HOST:PORT, [V6]:PORT
or unix:PATH; port 0 picks one and prints it. Sizes: 64KiB, 1MiB, 2GiB. Times: 250ms,
10s, 5m, 1h. A comma inside a value is written \, and every flag can come from the
environment: WEIR_UDP, WEIR_QUEUE_BYTES; several of one kind with ; between them. All of
it can stand in a file, too: weir --config weir.toml.

Without a listener: --udp 127.0.0.1:9000 --tcp 127.0.0.1:9001 --http 127.0.0.1:8080
Without a sink:     --file ./events.ndjson
An http port serves the live stream at /live besides, unless it has live=off.
)";

template <class Spec>
void describe_kinds(std::string& out, std::span<const component_kind<Spec>> kinds) {
    for (const auto& kind : kinds)
        kind.describe([&](const option_set& set) {
            add_help_row(out, 2, fmt::format("--{} {}", kind.flag, set.options().front().metavar),
                         kind.summary);
            for (const option& declared : set.options())
                if (!declared.name.empty() && !declared.ordered)
                    add_help_row(out, 6, fmt::format("{}={}", declared.name, declared.metavar),
                                 std::string(declared.help) + default_of(declared));
        });
}

} // namespace

std::string help_text() {
    std::string out(introduction);
    out += "\nListeners:\n";
    describe_kinds(out, listener_kinds());
    out += "\nSinks:\n";
    describe_kinds(out, sink_kinds());
    out += "\nSteps, in their order, before a sink (--file out,filter=order,pick=id) or as flags "
           "before "
           "all:\n";
    std::vector<ordered_option> steps;
    option_set step_set;
    declare_steps(step_set, steps);
    add_flag_rows(out, step_set);
    out += "\nThe rest:\n";
    run_options defaults;
    option_set set;
    declare(set, defaults);
    add_flag_rows(out, set);
    call_options call;
    option_set call_set;
    declare(call_set, call);
    add_flag_rows(out, call_set);
    add_help_row(out, 2, "--version", "print the version");
    add_help_row(out, 2, "-h, --help", "print this");
    out += "\nExit status: 0 nothing accepted was lost, 1 it could not start, 2 a wrong command "
           "line,\n"
           "3 something accepted was lost.\n";
    return out;
}

} // namespace weir
