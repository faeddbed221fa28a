#include "gateway/effective.hpp"

#include "base/option_text.hpp"
#include "gateway/toml_text.hpp"
#include "queues/steps/pipeline.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir {

std::string effective_flags(const settings& s) {
    std::string out;
    for (const listener_spec& spec : s.listeners)
        out += fmt::format("--{} {}\n", spec.flag, spec.shown);
    for (const sink_spec& spec : s.sinks)
        out += fmt::format("--{} {}\n", spec.flag, spec.shown);
    std::vector<ordered_option> unused;
    option_set steps;
    declare_steps(steps, unused);
    for (const ordered_option& each : s.steps)
        out += std::ranges::find(steps.options(), each.name, &option::name)->is_switch
                   ? fmt::format("--{}\n", each.name)
                   : fmt::format("--{} {}\n", each.name, escape_value(each.text));
    run_options copy = s.run;
    option_set set;
    declare(set, copy);
    for (const option& declared : set.options())
        for (const std::string& value : declared.show())
            if (!declared.is_switch)
                out += fmt::format("--{} {}\n", declared.name, value);
    return out;
}

std::string effective_toml(const settings& s) {
    std::string out;
    const auto add_options = [&](const option_set& set) {
        for (const option& declared : set.options())
            if (const std::string value = toml_value(declared); !value.empty())
                out += fmt::format("{} = {}\n", key_of(declared), value);
    };
    run_options copy = s.run;
    option_set set;
    declare(set, copy);
    std::vector<ordered_option> steps = s.steps;
    declare_steps(set, steps);
    add_options(set);
    const std::vector<declared_kind> kinds = declared_kinds();
    const auto add = [&](std::string_view flag, const std::string& shown) {
        const auto kind = std::ranges::find(kinds, flag, &declared_kind::flag);
        out += fmt::format("\n[[{}]]\n", flag);
        kind->describe([&](option_set own) {
            try {
                own.parse(shown);
                add_options(own);
            } catch (const usage_error&) { // what stands for a secret may not be taken for one
                out += fmt::format("# {}\n", shown);
            }
        });
    };
    for (const listener_spec& spec : s.listeners)
        add(spec.flag, spec.shown);
    for (const sink_spec& spec : s.sinks)
        add(spec.flag, spec.shown);
    return out;
}

} // namespace weir
