#include "base/error.hpp"
#include "base/nearest.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/completion.hpp"
#include "gateway/man.hpp"
#include "gateway/reference.hpp"

#include <array>
#include <fmt/format.h>

namespace weir {

namespace {

void print_alone(std::span<const std::string> words, std::string_view command,
                 const std::string& text) {
    if (!words.empty())
        throw usage_error(
            fmt::format("'{}': weir {} takes no further words", words.front(), command));
    fmt::print("{}", text);
}

} // namespace

int docs_command(std::span<const std::string> words) {
    print_alone(words, "docs", reference_text());
    return 0;
}

int man_command(std::span<const std::string> words) {
    print_alone(words, "man", man_text());
    return 0;
}

int completion_command(std::span<const std::string> words) {
    constexpr std::array<std::string_view, 3> shells{"bash", "zsh", "fish"};
    if (words.empty())
        throw usage_error("weir completion needs bash, zsh or fish");
    if (words.size() > 1)
        throw usage_error("'" + words[1] + "': weir completion takes one word");
    if (words[0] == "bash")
        fmt::print("{}", bash_completion());
    else if (words[0] == "zsh")
        fmt::print("{}", zsh_completion());
    else if (words[0] == "fish")
        fmt::print("{}", fish_completion());
    else
        throw usage_error("there is no completion for '" + words[0] + "'" +
                          did_you_mean(words[0], shells));
    return 0;
}

} // namespace weir
