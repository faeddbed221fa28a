#include "gateway/settings.hpp"

#include "base/option_text.hpp"
#include "gateway/config_file.hpp"
#include "gateway/environment.hpp"
#include "gateway/namesakes.hpp"
#include "gateway/parse_fault.hpp"
#include "queues/steps/pipeline.hpp"

#include <algorithm>
#include <bit>
#include <CLI/CLI.hpp>
#include <deque>
#include <fmt/format.h>

namespace weir {

void declare(option_set& set, run_options& o) {
    set.add("threads", o.threads, "N", "io threads; 0 is one a core but one");
    set.add("queue", o.kind, "ring|channel|mutex-ring|mutex-array", "the queue between all");
    set.add("queue-slots", o.queue_slots, "N", "batches it keeps, rounded up to a power of two");
    set.add("queue-bytes", o.queue_bytes, "SIZE", "memory those may take");
    set.add("when-full", o.policy, "drop-oldest|drop-newest|block",
            "who gives way when it is full");
    set.add("drain-timeout", o.drain_timeout, "TIME", "how long SIGTERM waits for the sinks");
    set.add(
        "log-level", o.levels, "LEVEL",
        "what the log on stderr tells: trace, debug, info, warn, error or off, and after commas "
        "what some components tell, as info,post=debug");
    set.add("log-format", o.format, "text|json", "how it looks");
    set.add("trace", o.traces, "zipkin:URL|otlp:URL[,sample=0.01]",
            "send spans of HTTP requests there: of those that come sampled, and of so many others");
    set.add("status", o.status, "on|off|auto", "the status line; auto shows it on a terminal");
    set.add("pid-file", o.pid_file, "PATH", "write the process id there, for weir reload");
}

void declare(option_set& set, call_options& o) {
    set.add("config", o.config, "FILE", "read a configuration file; flags and environment win");
    set.add("check", o.check, "", "say what would run, and end");
}

queue_options settings::queue() const {
    return {run.kind, std::bit_ceil(std::max<std::size_t>(run.queue_slots, 2)),
            run.queue_bytes.bytes, run.policy};
}

namespace {

// What follows the first comma may be a secret, and so may what stands before an @, where a
// password may have commas of its own, or in a query.
std::string_view without_secrets(std::string_view text) {
    std::string_view shown = text.substr(0, text.find(','));
    const bool is_url = shown.find("://") != shown.npos;
    if (is_url && shown.find('@') == shown.npos && text.find('@', shown.size()) != text.npos)
        return {};
    if (const std::size_t at = shown.rfind('@'); at != shown.npos)
        shown.remove_prefix(at + 1);
    return is_url ? shown.substr(0, shown.find_first_of("?#")) : shown;
}

// "--udp :9000".
std::string with_place(const std::string& origin, std::string_view text) {
    const std::string_view shown = without_secrets(text);
    return fmt::format("{}{}{}", origin, shown.empty() ? "" : " ", shown);
}

// What a flag was given, on the command line, else in the environment, else in the file.
struct given {
    CLI::Option* option = nullptr;
    bool is_component = false;
    std::vector<std::string> words;
    std::vector<flag_text> texts;

    void look(std::string_view flag) {
        std::string origin = "--" + std::string(flag);
        if (option->count() == 0) {
            words = from_environment(flag);
            origin = environment_name(flag);
        }
        texts.clear();
        for (std::string& word : words) {
            std::string place = is_component ? with_place(origin, word) : origin;
            texts.push_back({std::string(flag), std::move(word), std::move(place)});
        }
    }
};

template <class Parse>
auto with_origin(const std::string& origin, Parse parse) {
    try {
        return parse();
    } catch (const usage_error& wrong) {
        throw usage_error(fmt::format("{}: {}", origin, wrong.what()));
    }
}

// Steps keep their order: those of the file come first, then those of the environment, which has
// no order, as --help has them, then those of the command line.
void set_steps(const option_set& steps, std::span<const flag_text> in_file,
               std::map<std::string_view, given>& heard, const std::vector<CLI::Option*>& order) {
    const auto declared = [&](std::string_view name) -> const option& {
        return *std::ranges::find(steps.options(), name, &option::name);
    };
    const auto set = [](const option& step, const flag_text& told) {
        with_origin(with_place(told.origin, told.text), [&] {
            const std::vector<std::string> values = split_values(told.text);
            if (values.size() > 1 && !step.is_list)
                throw usage_error("a comma within a value is written \\,");
            for (const std::string& each : values)
                step.set(each);
        });
    };
    for (const flag_text& told : in_file)
        with_origin(told.origin, [&] { declared(told.flag).set(told.text); });
    for (const option& step : steps.options())
        if (const given& g = heard[step.name]; g.option->count() == 0)
            for (const flag_text& told : g.texts)
                set(step, told);
    std::map<const CLI::Option*, std::size_t> used;
    for (const CLI::Option* given_here : order)
        for (const option& step : steps.options())
            if (const given& g = heard[step.name]; g.option == given_here)
                set(step, step.is_switch ? g.texts.at(0) : g.texts.at(used[given_here]++));
}

template <class Spec>
Spec parse_component(const component_kind<Spec>& kind, const std::string& text,
                     std::string origin) {
    Spec spec = with_origin(origin, [&] { return kind.parse(kind.flag, text); });
    spec.from = {std::move(origin), text};
    return spec;
}

constexpr std::string_view default_listeners[][2] = {
    {"udp", "127.0.0.1:9000"}, {"tcp", "127.0.0.1:9001"}, {"http", "127.0.0.1:8080"}};
constexpr std::string_view default_sinks[][2] = {{"file", "./events.ndjson"}};

template <class Spec>
Spec parse_default(std::span<const component_kind<Spec>> kinds, std::string_view flag,
                   std::string_view text) {
    const auto kind = std::ranges::find(kinds, flag, &component_kind<Spec>::flag);
    return parse_component(*kind, std::string(text), with_place("--" + std::string(flag), text));
}

// A kind that was given already stays as it was given. Returns the steps, in the file's order.
std::vector<flag_text> add_from_file(const std::string& path,
                                     std::map<std::string_view, given>& heard) {
    run_options unused;
    std::vector<ordered_option> unused_steps;
    option_set set;
    declare(set, unused);
    declare_steps(set, unused_steps);
    std::map<std::string_view, std::vector<flag_text>> in_file;
    std::vector<flag_text> steps;
    for (flag_text& each : read_config_file(path, declared_kinds(), set)) {
        const auto option = std::ranges::find(set.options(), each.flag, &option::name);
        if (option == set.options().end() || !option->ordered)
            in_file[heard.find(each.flag)->first].push_back(std::move(each));
        else if (heard[option->name].texts.empty())
            steps.push_back(std::move(each));
    }
    for (auto& [flag, texts] : in_file)
        if (heard[flag].texts.empty())
            heard[flag].texts = std::move(texts);
    return steps;
}

void check_together(const settings& s) {
    if (s.run.queue_bytes.bytes < (1u << 20))
        throw usage_error("--queue-bytes: " + to_string(s.run.queue_bytes) + " is less than 1MiB");
    if (s.run.queue_slots > (1u << 24))
        throw usage_error("--queue-slots: at most 16777216");
    if (s.run.threads > 256)
        throw usage_error("--threads: at most 256");
    const bool live = std::ranges::any_of(s.listeners, &listener_spec::serves_live);
    if (s.sinks.size() + (live ? 1 : 0) > queue_reader::most)
        throw usage_error(fmt::format("at most {} sinks, the live stream of HTTP ports among them",
                                      queue_reader::most));
    namesakes(s); // throws
}

} // namespace

command_line_wish read_command_line(std::span<const std::string> words, settings& into) {
    option_set call_set;
    declare(call_set, into.call);
    option_set run_set;
    declare(run_set, into.run);
    option_set step_set;
    declare_steps(step_set, into.steps);

    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    bool help = false;
    bool version = false;
    app.add_flag("-h,--help", help);
    app.add_flag("--version", version);
    std::vector<std::string_view> flags{"--help", "--version"};
    std::map<std::string_view, given> heard;
    std::deque<std::string> names; // keeps "--udp" alive for `flags`
    const auto add = [&](std::string_view flag, bool is_switch) {
        names.push_back("--" + std::string(flag));
        flags.push_back(names.back());
        given& g = heard[flag];
        if (is_switch) {
            g.option = app.add_flag_callback(names.back(), [&g] { g.words = {"on"}; });
        } else {
            g.option = app.add_option(names.back(), g.words);
            g.option->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
            g.option->allow_extra_args(false);
        }
    };
    for (const declared_kind& kind : declared_kinds()) {
        add(kind.flag, false);
        heard[kind.flag].is_component = true;
    }
    for (const option_set* set : {&step_set, &run_set, &call_set})
        for (const option& declared : set->options())
            add(declared.name, declared.is_switch);

    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& wrong) {
        throw usage_error(parse_fault(wrong.what()));
    }
    if (help)
        return command_line_wish::help;
    if (version)
        return command_line_wish::version;
    for (const std::string& extra : app.remaining()) {
        const std::string word = extra.substr(0, extra.find('='));
        if (!word.starts_with("-"))
            throw usage_error("'" + word + "' belongs to no flag (see weir --help)");
        throw usage_error("unknown flag '" + word + "'" + did_you_mean(word, flags));
    }

    for (auto& [flag, g] : heard)
        g.look(flag);
    const auto set_all = [&](const option_set& set) {
        for (const option& declared : set.options())
            for (const flag_text& each : heard[declared.name].texts)
                with_origin(each.origin, [&] { declared.set(each.text); });
    };
    set_all(call_set);
    if (into.call.config.empty() && heard["config"].option->count() > 0)
        throw usage_error("--config: needs FILE");
    std::vector<flag_text> steps_in_file;
    if (!into.call.config.empty())
        steps_in_file = add_from_file(into.call.config, heard);
    set_all(run_set);
    set_steps(step_set, steps_in_file, heard, app.parse_order());
    const auto collect = [&](const auto& kinds, auto& specs) {
        for (const auto& kind : kinds)
            for (const flag_text& each : heard[kind.flag].texts)
                specs.push_back(parse_component(kind, each.text, each.origin));
    };
    collect(listener_kinds(), into.listeners);
    collect(sink_kinds(), into.sinks);
    if (std::ranges::none_of(into.listeners, &listener_spec::takes_events))
        for (const auto& [flag, text] : default_listeners)
            into.listeners.push_back(parse_default(listener_kinds(), flag, text));
    if (into.sinks.empty())
        for (const auto& [flag, text] : default_sinks)
            into.sinks.push_back(parse_default(sink_kinds(), flag, text));
    for (listener_spec& spec : into.listeners)
        if (spec.complete)
            spec.complete(spec, into.sinks);
    check_together(into);
    return command_line_wish::run;
}

} // namespace weir
