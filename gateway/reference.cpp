#include "gateway/reference.hpp"

#include "base/option_text.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/help_rows.hpp"
#include "gateway/settings.hpp"
#include "queues/steps/pipeline.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

constexpr std::string_view introduction =
    R"(# Reference

Every listener, sink, flag and command of weir. `weir docs` prints this page from the same declarations that read
the command line; don't edit it, write it again: `build/weir docs > docs/reference.md`. What things mean together is in
[usage.md](usage.md), files are in [configuration.md](configuration.md).
)";

std::string cell(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == '|')
            out += '\\';
        out += c;
    }
    return out;
}

std::string code(std::string_view text) {
    return text.empty() ? std::string() : "`" + cell(text) + "`";
}

void add_table(std::string& out, const option_set& set, std::string_view dashes) {
    out += "| option | value | default | what it is |\n|---|---|---|---|\n";
    for (const option& declared : set.options()) {
        if (declared.name.empty() || (declared.ordered && dashes.empty()))
            continue;
        const std::string standard =
            declared.is_switch && !dashes.empty() ? std::string() : default_text(declared);
        out += fmt::format("| {} | {} | {} | {} |\n", code(std::string(dashes) + key_of(declared)),
                           code(declared.metavar), code(standard), cell(declared.help));
    }
}

void add_kinds(std::string& out) {
    std::string_view group;
    for (const declared_kind& kind : declared_kinds()) {
        if (group != kind.group)
            out += fmt::format("\n## {}\n", kind.group);
        group = kind.group;
        kind.describe([&](const option_set& set) {
            const option& first = set.options().front();
            out += fmt::format("\n### --{} {}\n\n{}. In a file: `[[{}]]`, with `{}` for {}.\n\n",
                               kind.flag, first.metavar, kind.summary, kind.flag, key_of(first),
                               first.metavar);
            add_table(out, set, "");
        });
    }
}

} // namespace

void describe_run(const std::function<void(const option_set&)>& to) {
    std::vector<ordered_option> steps;
    option_set step_set;
    declare_steps(step_set, steps);
    to(step_set);
    run_options run;
    option_set run_set;
    declare(run_set, run);
    to(run_set);
    call_options call;
    option_set call_set;
    declare(call_set, call);
    to(call_set);
}

std::string reference_text() {
    std::string out(introduction);
    add_kinds(out);
    out += "\n## The rest of a run\n\nThe first of these are [steps](processing.md) in "
           "front of all sinks, and options of every sink, too. In a file they and the second "
           "stand at its top; the third are flags alone.\n";
    describe_run([&](const option_set& set) {
        out += "\n";
        add_table(out, set, "--");
    });
    out += "\n## Commands\n";
    for (const command& each : commands()) {
        out += fmt::format("\n### weir {}{}{}\n\n{}.\n", each.name, each.words.empty() ? "" : " ",
                           each.words, each.summary);
        if (each.describe)
            each.describe([&](const option_set& set) {
                out += "\n";
                add_table(out, set, "--");
            });
    }
    return out;
}

} // namespace weir
