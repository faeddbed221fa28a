// weir [COMMAND] [FLAGS]: finds the command, and prints what keeps it from starting, a line a
// fault.
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/lines.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <string>
#include <unistd.h>
#include <vector>

namespace {

int dispatch(std::span<const std::string> words) {
    if (words.empty() || words[0].starts_with("-"))
        return weir::run_command(words);
    std::vector<std::string_view> names;
    for (const weir::command& each : weir::commands()) {
        if (each.name == words[0])
            return each.run(words.subspan(1));
        names.push_back(each.name);
    }
    throw weir::usage_error("unknown command '" + words[0] + "'" +
                            weir::did_you_mean(words[0], names));
}

// Of these three, one that weir was started without would be the number of the first file or socket
// that it opens, and the log or the events would go there.
void hold_standard_streams() {
    for (const int each : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
        if (::fcntl(each, F_GETFD) == -1) // open takes the lowest; what is written or read fails
            (void)::open("/dev/null", each == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

void complain(const std::exception& wrong) {
    for (const std::string& line : weir::lines_of(wrong.what()))
        std::fprintf(stderr, "weir: %s\n", line.c_str());
}

} // namespace

int main(int count, char** arguments) {
    hold_standard_streams();
    const std::vector<std::string> words(arguments + 1, arguments + count);
    try {
        const int status = dispatch(words);
        if (status == 0 && std::fflush(stdout) != 0)
            throw weir::startup_error(std::string("can't write to standard output: ") +
                                      std::strerror(errno));
        return status;
    } catch (const weir::usage_error& wrong) {
        complain(wrong);
        return 2;
    } catch (const std::exception& wrong) {
        complain(wrong);
        return 1;
    }
}
