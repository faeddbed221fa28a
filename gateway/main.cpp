// weir [COMMAND] [FLAGS]: finds the command, and prints what keeps it from starting in one line.
#include "base/error.hpp"
#include "base/nearest.hpp"
#include "gateway/commands/commands.hpp"

#include <array>
#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace {

struct command {
    std::string_view name;
    int (*run)(std::span<const std::string>);
};
constexpr std::array<command, 4> commands{{{"run", weir::run_command},
                                           {"tail", weir::tail_command},
                                           {"send", weir::send_command},
                                           {"bench", weir::bench_command}}};

int dispatch(std::span<const std::string> words) {
    if (words.empty() || words[0].starts_with("-"))
        return weir::run_command(words);
    std::vector<std::string_view> names;
    for (const command& each : commands) {
        if (each.name == words[0])
            return each.run(words.subspan(1));
        names.push_back(each.name);
    }
    throw weir::usage_error("unknown command '" + words[0] + "'" +
                            weir::did_you_mean(words[0], names));
}

} // namespace

int main(int count, char** arguments) {
    const std::vector<std::string> words(arguments + 1, arguments + count);
    try {
        return dispatch(words);
    } catch (const weir::usage_error& wrong) {
        std::fprintf(stderr, "weir: %s\n", wrong.what());
        return 2;
    } catch (const std::exception& wrong) {
        std::fprintf(stderr, "weir: %s\n", wrong.what());
        return 1;
    }
}
