#include "gateway/completion.hpp"

#include "gateway/commands/commands.hpp"
#include "gateway/reference.hpp"
#include "gateway/settings.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace weir {

namespace {

// What stands between apostrophes in any shell; those of the text go, and so do zsh's colons and
// brackets.
std::string plain(std::string_view text) {
    std::string out;
    for (char c : text)
        if (std::string_view("'[]:\\").find(c) == std::string_view::npos)
            out += c;
    return out;
}

// What may stand behind a flag: "ring channel" of ring|channel; none where it is free.
std::string choices_in(std::string_view metavar) {
    if (metavar.find('|') == metavar.npos || metavar.find_first_of(":[") != metavar.npos)
        return {};
    std::string words(metavar);
    std::ranges::replace(words, '|', ' ');
    return words;
}

bool takes_file(std::string_view metavar) {
    return metavar.find("PATH") != metavar.npos || metavar.find("FILE") != metavar.npos;
}

std::string_view metavar_of(const declared_kind& kind) {
    std::string_view metavar;
    kind.describe([&](const option_set& set) { metavar = set.options().front().metavar; });
    return metavar;
}

void each_run_flag(const std::function<void(const option&)>& to) {
    describe_run([&](const option_set& set) {
        for (const option& declared : set.options())
            to(declared);
    });
}

// "rcvbuf= sockets= "
std::string option_words(const declared_kind& kind) {
    std::string words;
    kind.describe([&](const option_set& set) {
        for (const option& declared : set.options())
            if (!declared.name.empty())
                words += (words.empty() ? "" : " ") + std::string(declared.name) + "=";
    });
    return words;
}

std::string run_flags() {
    std::string words = "--help --version";
    for (const declared_kind& kind : declared_kinds())
        words += " --" + std::string(kind.flag);
    each_run_flag([&](const option& declared) { words += " --" + std::string(declared.name); });
    return words;
}

std::string command_flags(const command& of) {
    std::string words = "--help";
    of.describe([&](const option_set& set) {
        for (const option& declared : set.options())
            words += " --" + std::string(declared.name);
    });
    return words;
}

// "--when-full) options='drop-oldest block' ;;" of every flag that takes something else than a
// file.
std::string bash_values() {
    std::set<std::string> done;
    std::string cases;
    const auto add = [&](std::string_view flag, std::string_view metavar) {
        if (!takes_file(metavar) && done.insert(std::string(flag)).second)
            cases += fmt::format("        --{}) options='{}' ;;\n", flag, choices_in(metavar));
    };
    const auto add_all = [&](const option_set& set) {
        for (const option& declared : set.options())
            if (!declared.is_switch)
                add(declared.name, declared.metavar);
    };
    for (const declared_kind& kind : declared_kinds())
        add(kind.flag, metavar_of(kind));
    describe_run(add_all);
    for (const command& each : commands())
        if (each.describe)
            each.describe(add_all);
    return cases;
}

// "'*--drop[without these]:PATH: '"
std::string zsh_flag(const option& declared) {
    const std::string choices = choices_in(declared.metavar);
    const std::string value = takes_file(declared.metavar) ? "_files"
                              : choices.empty()            ? " "
                                                           : "(" + choices + ")";
    return fmt::format("'{}--{}[{}]{}'", declared.is_list || declared.ordered ? "*" : "",
                       declared.name, plain(declared.help),
                       declared.is_switch ? std::string()
                                          : ":" + plain(declared.metavar) + ":" + value);
}

// " -x -a 'ring channel'"
std::string fish_value(const option& declared) {
    if (declared.is_switch || takes_file(declared.metavar))
        return declared.is_switch ? " -f" : " -r -F";
    const std::string choices = choices_in(declared.metavar);
    return choices.empty() ? " -x" : " -x -a '" + choices + "'";
}

std::string command_names() {
    std::string words;
    for (const command& each : commands())
        words += (words.empty() ? "" : " ") + std::string(each.name);
    return words;
}

} // namespace

// The words are taken from the line, for bash parts them at ':' and '=', too; what it will replace
// is only what stands behind the last of those.
std::string bash_completion() {
    std::string out = R"(_weir() {
    local line="${COMP_LINE:0:COMP_POINT}" words current last options="" found
    read -ra words <<<"$line"
    current=""
    [[ $line == *[[:space:]] ]] || { current="${words[-1]}"; unset 'words[-1]'; }
    last="${words[-1]}"
    if [[ $current == *,* ]]; then
        case "$last" in
)";
    for (const declared_kind& kind : declared_kinds())
        out += fmt::format("        --{}) options='{}' ;;\n", kind.flag, option_words(kind));
    out += R"(        esac
        found=$(compgen -P "${current%,*}," -W "$options" -- "${current##*,}")
    elif ((${#words[@]} == 1)) && [[ $current != -* ]]; then
)";
    out += fmt::format("        found=$(compgen -W '{}' -- \"$current\")\n", command_names());
    out += R"(    elif [[ $current == -* ]]; then
        case "${words[1]-}" in
)";
    for (const command& each : commands())
        if (each.describe)
            out += fmt::format("        {}) options='{}' ;;\n", each.name, command_flags(each));
    out += fmt::format("        *) options='{}' ;;\n        esac\n", run_flags());
    out += R"(        found=$(compgen -W "$options" -- "$current")
    elif [[ ${words[1]-} == completion ]]; then
        found=$(compgen -W 'bash zsh fish' -- "$current")
    else
        options=-
        case "$last" in
)";
    out += bash_values();
    out += R"(        esac
        if [[ $options == - ]]; then
            found=$(compgen -f -- "$current")
        else
            found=$(compgen -W "$options" -- "$current")
        fi
    fi
    local kept="${current%"${current##*[:=]}"}"
    COMPREPLY=()
    while IFS= read -r current; do
        [[ -n $current ]] && COMPREPLY+=("${current#"$kept"}")
    done <<<"$found"
}
complete -o nospace -F _weir weir
)";
    return out;
}

std::string zsh_completion() {
    std::string out = "#compdef weir\n\n";
    for (const declared_kind& kind : declared_kinds())
        out += fmt::format(
            "_weir_{}() {{\n    if compset -P '*,'; then\n        compadd -S '' -- "
            "{}\n    else\n        {}\n    fi\n}}\n",
            kind.flag, option_words(kind),
            takes_file(metavar_of(kind)) ? "_files" : fmt::format("_message {}", metavar_of(kind)));
    out += "\n_weir() {\n    local -a run\n    run=(\n";
    for (const declared_kind& kind : declared_kinds())
        out += fmt::format("        '*--{0}[{1}]:{0}:_weir_{0}'\n", kind.flag, plain(kind.summary));
    each_run_flag([&](const option& declared) { out += "        " + zsh_flag(declared) + "\n"; });
    out += "        '--version[print the version]'\n        '(-h --help)'{-h,--help}'[print every "
           "flag]'\n    )\n";
    out += "    if ((CURRENT == 2)) && [[ $words[2] != -* ]]; then\n        local -a commands\n"
           "        commands=(\n";
    for (const command& each : commands())
        out += fmt::format("            '{}:{}'\n", each.name, plain(each.summary));
    out += "        )\n        _describe command commands\n        return\n    fi\n"
           "    case $words[2] in\n";
    for (const command& each : commands()) {
        if (!each.describe)
            continue;
        out += fmt::format("    {})\n        _arguments", each.name);
        each.describe([&](const option_set& set) {
            for (const option& declared : set.options())
                out += " \\\n            " + zsh_flag(declared);
        });
        out += " \\\n            '*:url or file:_files'\n        ;;\n";
    }
    // The command's word is none of the arguments.
    out += "    completion) compadd bash zsh fish ;;\n    docs | man) ;;\n"
           "    run | check)\n        shift words\n        ((CURRENT--))\n        _arguments $run\n"
           "        ;;\n    *) _arguments $run ;;\n    esac\n}\n\n_weir \"$@\"\n";
    return out;
}

std::string fish_completion() {
    std::string out = R"(# The options behind a comma, with what stands before them.
function __weir_options
    set -l before (string match -r '^.*,' -- (commandline -ct))
    test -n "$before"; or return
    for option in $argv
        echo $before$option
    end
end
)";
    out += fmt::format("set -l commands {}\n", command_names());
    out += "set -l run \"not __fish_seen_subcommand_from";
    for (const command& each : commands())
        if (each.name != "run" && each.name != "check")
            out += " " + std::string(each.name);
    out += "\"\n";
    for (const command& each : commands())
        out += fmt::format("complete -c weir -n \"not __fish_seen_subcommand_from $commands\" -f "
                           "-a {} -d '{}'\n",
                           each.name, plain(each.summary));
    for (const declared_kind& kind : declared_kinds())
        out += fmt::format("complete -c weir -n $run -l {}{} -d '{}' -a '(__weir_options {})'\n",
                           kind.flag, takes_file(metavar_of(kind)) ? " -r -F" : " -x",
                           plain(kind.summary), option_words(kind));
    each_run_flag([&](const option& declared) {
        out += fmt::format("complete -c weir -n $run -l {}{} -d '{}'\n", declared.name,
                           fish_value(declared), plain(declared.help));
    });
    for (const command& each : commands()) {
        if (!each.describe)
            continue;
        each.describe([&](const option_set& set) {
            for (const option& declared : set.options())
                out += fmt::format("complete -c weir -n '__fish_seen_subcommand_from {}' -l {}{} "
                                   "-d '{}'\n",
                                   each.name, declared.name, fish_value(declared),
                                   plain(declared.help));
        });
    }
    out += "complete -c weir -n '__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'\n";
    return out;
}

} // namespace weir
