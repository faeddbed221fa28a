// weir [COMMAND] [FLAGS]: finds the command, and prints what keeps it from starting, a line a
// fault.
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/lines.hpp"

#include <cstdio>
#include <exception>
#include <string>
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

void complain(const std::exception& wrong) {
    for (const std::string& line : weir::lines_of(wrong.what()))
        std::fprintf(stderr, "weir: %s\n", line.c_str());
}

} // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    try {
        return dispatch(words);
    } catch (const weir::usage_error& wrong) {
        complain(wrong);
        return 2;
    } catch (const std::exception& wrong) {
        complain(wrong);
        return 1;
    }
}
