#include "gateway/client/command_line.hpp"

#include "gateway/help_rows.hpp"
#include "gateway/parse_fault.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <map>

namespace weir::client {

bool read_flags(std::span<const std::string> words, std::string_view command, option_set& set,
                std::vector<std::string>& others) {
    CLI::App app;
    app.set_help_flag();
    app.allow_extras();
    bool help = false;
    app.add_flag("-h,--help", help);
    std::map<std::string_view, std::string> texts;
    std::vector<std::string> names{"--help"};
    for (const option& declared : set.options()) {
        std::string& text = texts[declared.name];
        names.push_back("--" + std::string(declared.name));
        if (declared.is_switch)
            app.add_flag_callback(names.back(), [&text] { text = "on"; });
        else
            app.add_option(names.back(), text)->expected(1)->take_last();
    }
    try {
        app.parse(std::vector<std::string>(words.rbegin(), words.rend()));
    } catch (const CLI::ParseError& wrong) {
        throw usage_error(parse_fault(wrong.what()));
    }
    if (help)
        return false;
    const std::vector<std::string_view> known(names.begin(), names.end());
    for (const std::string& word : app.remaining()) {
        if (word.starts_with("-") && word != "-") {
            const std::string flag = word.substr(0, word.find('='));
            throw usage_error(fmt::format("unknown flag '{}'{} (see weir {} --help)", flag,
                                          did_you_mean(flag, known), command));
        }
        others.push_back(word);
    }
    for (const option& declared : set.options()) {
        const std::string& text = texts[declared.name];
        if (text.empty())
            continue;
        try {
            declared.set(text);
        } catch (const usage_error& wrong) {
            throw usage_error(fmt::format("--{}: {}", declared.name, wrong.what()));
        }
    }
    return true;
}

url the_url(const std::vector<std::string>& others, std::string_view command,
            std::string_view example) {
    if (others.empty())
        throw usage_error(fmt::format("weir {0} needs a URL: weir {0} {1}", command, example));
    if (others.size() > 1)
        throw usage_error(
            fmt::format("'{}' belongs to no flag (see weir {} --help)", others[1], command));
    if (others[0].find("://") == std::string::npos)
        throw usage_error(fmt::format("'{}' is no URL: write weir {} {}",
                                      others[0].substr(0, others[0].find('?')), command, example));
    return parse_url(others[0]);
}

void must(bool holds, const std::string& otherwise) {
    if (!holds)
        throw usage_error(otherwise);
}

void check_range(std::string_view flag, std::uint64_t value, std::uint64_t least,
                 std::uint64_t most) {
    must(value >= least && value <= most,
         fmt::format("--{}: {} is not from {} to {}", flag, value, least, most));
}

std::string help(std::string_view introduction, const option_set& set, std::string_view status) {
    std::string out(introduction);
    add_flag_rows(out, set);
    add_help_row(out, 2, "-h, --help", "print this");
    return out.append(status);
}

} // namespace weir::client
