#include "gateway/man.hpp"

#include "gateway/commands/commands.hpp"
#include "gateway/help_rows.hpp"
#include "gateway/reference.hpp"
#include "gateway/settings.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

// Text as it stands: no escape, no minus that becomes a hyphen, no request at the begin of a line.
std::string roff(std::string_view text) {
    std::string out;
    if (text.starts_with('.') || text.starts_with('\''))
        out = "\\&";
    for (char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
    }
    return out;
}

std::string with_default(const option& declared, bool is_flag) {
    const std::string text = declared.is_switch && is_flag ? "" : default_text(declared);
    return roff(declared.help) + (text.empty() ? "" : " [" + roff(text) + "]");
}

void add_flags(std::string& out, const option_set& set) {
    for (const option& declared : set.options())
        out += fmt::format(".TP\n.B \\-\\-{}{}{}\n{}\n", roff(declared.name),
                           declared.metavar.empty() ? "" : " ", roff(declared.metavar),
                           with_default(declared, true));
}

void add_kinds(std::string& out) {
    std::string_view group;
    for (const declared_kind& kind : declared_kinds()) {
        if (group != kind.group)
            out += fmt::format(".SH \"{}\"\n", roff(kind.group));
        group = kind.group;
        kind.describe([&](const option_set& set) {
            out += fmt::format(".SS \"\\-\\-{} {}\"\n{}.\n", roff(kind.flag),
                               roff(set.options().front().metavar), roff(kind.summary));
            for (const option& declared : set.options())
                if (!declared.name.empty() && !declared.ordered)
                    out += fmt::format(".TP\n.B {}={}\n{}\n", roff(declared.name),
                                       roff(declared.metavar), with_default(declared, false));
        });
    }
}

} // namespace

std::string man_text() {
    std::string out = fmt::format(".TH WEIR 1 \"\" \"weir {}\" \"User Commands\"\n", WEIR_VERSION);
    out += ".SH NAME\nweir \\- event gateway: UDP, TCP, HTTP and WebSocket to files, HTTP and "
           "browsers\n";
    out += ".SH SYNOPSIS\n";
    for (const command& each : commands())
        out += fmt::format(".B weir {}\n{}{}.br\n", roff(each.name), roff(each.words),
                           each.words.empty() ? "" : "\n");
    out += ".SH COMMANDS\n";
    for (const command& each : commands()) {
        out += fmt::format(".SS \"weir {}\"\n{}.\n", roff(each.name), roff(each.summary));
        if (each.describe)
            each.describe([&](const option_set& set) { add_flags(out, set); });
    }
    add_kinds(out);
    out += ".SH \"THE REST OF A RUN\"\nThe steps among these, from \\-\\-filter to \\-\\-steps, "
           "are options of every sink, too.\n";
    describe_run([&](const option_set& set) { add_flags(out, set); });
    out += ".SH ENVIRONMENT\nEvery flag of a run can come from the environment: WEIR_ and its name "
           "in capitals, with _ for \\-. A flag wins over the environment, and the environment "
           "over the file.\n";
    out += ".SH \"EXIT STATUS\"\n0 nothing accepted was lost, 1 it could not start, 2 a wrong "
           "command line or file, 3 something accepted was lost.\n";
    return out;
}

} // namespace weir
