#include "gateway/client/command_line.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/pid_file.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>

namespace weir {

namespace {

constexpr std::string_view introduction =
    R"(Has a running weir read its configuration file again, as SIGHUP does. What came of it is in that
weir's log; a file that is wrong changes nothing.

Usage: weir reload PID
       weir reload --pid-file PATH

)";

constexpr std::string_view status =
    R"(
Exit status: 0 it was told, 1 there is no such weir, 2 a wrong command line.
)";

} // namespace

int reload_command(std::span<const std::string> words) {
    reload_options wanted;
    option_set set;
    declare(set, wanted);
    std::vector<std::string> others;
    if (!client::read_flags(words, "reload", set, others)) {
        fmt::print("{}", client::help(introduction, set, status));
        return 0;
    }
    if (others.size() + (wanted.pid_file.empty() ? 0 : 1) != 1)
        throw usage_error("weir reload needs a process id, or --pid-file PATH");
    const pid_t pid =
        others.empty() ? read_pid_file(wanted.pid_file) : running_weir(others.front());
    if (kill(pid, SIGHUP) != 0)
        throw startup_error(fmt::format("can't tell process {}: {}", pid, std::strerror(errno)));
    return 0;
}

} // namespace weir
