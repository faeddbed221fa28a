#include "gateway/config_file.hpp"

#include "base/option_text.hpp"
#include "gateway/config_value.hpp"
#include "gateway/text_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <ranges>

namespace weir {

namespace {

struct fault {
    toml::source_position where;
    std::string what;
};

constexpr std::size_t most_faults = 20;    // that are told
constexpr std::size_t longest_fault = 300; // in bytes

// A fault is one line of a terminal, whatever stands in the file.
std::string in_one_line(std::string_view text) {
    std::string out;
    for (const char c : text) {
        const bool begins_character = (static_cast<unsigned char>(c) & 0xc0) != 0x80;
        if (out.size() >= longest_fault && begins_character)
            return out + "…";
        const bool control = static_cast<unsigned char>(c) < ' ' || c == '\x7f';
        out += control ? ' ' : c;
    }
    return out;
}

// What the parser finds wrong, in a user's words where its own are a parser's.
std::string said_better(std::string_view description) {
    constexpr std::string_view prefix = "Error while parsing ";
    std::string text(description.substr(description.starts_with(prefix) ? prefix.size() : 0));
    const auto is = [&](std::string_view part) { return text.find(part) != text.npos; };
    if (is("could not determine value type"))
        return "no value of TOML: text stands in quotation marks";
    if (is("unescaped control characters"))
        return "a string goes on behind the end of its line: a quotation mark is missing";
    if (is("cannot redefine existing") && is("table"))
        text += " (one is [NAME], each of several [[NAME]])";
    return text;
}

// One file being read: what it says so far, and what is wrong with it.
class reading {
public:
    reading(std::string name, std::span<const declared_kind> kinds, const option_set& global)
        : name_(std::move(name)), kinds_(kinds), global_(global) {}

    void top(const toml::table& table) {
        for (const auto& [key, node] : in_order(table)) {
            const auto kind = std::ranges::find(kinds_, key->str(), &declared_kind::flag);
            const auto global = std::ranges::find(global_.options(), key->str(), key_of);
            if (kind != kinds_.end())
                components(*kind, *key, *node);
            else if (global != global_.options().end())
                global_option(*global, *node);
            else
                unknown(key->source().begin, "", key->str(), top_names());
        }
    }

    std::vector<flag_text> done() {
        if (faults_.empty())
            return std::move(texts_);
        std::ranges::sort(faults_, [](const fault& a, const fault& b) {
            return std::pair(a.where.line, a.where.column) <
                   std::pair(b.where.line, b.where.column);
        });
        std::string all;
        for (const fault& each : faults_ | std::views::take(most_faults))
            all += fmt::format("{}{}: {}", all.empty() ? "" : "\n", at(each.where), each.what);
        if (faults_.size() > most_faults)
            all += fmt::format("\n{}: and {} more", name_, faults_.size() - most_faults);
        throw usage_error(all);
    }

    void add(toml::source_position where, std::string_view what) {
        faults_.push_back({where, in_one_line(what)});
    }

private:
    using member = std::pair<const toml::key*, const toml::node*>;

    // A table forgets the order of its keys, and for lists that share one it counts.
    static std::vector<member> in_order(const toml::table& table) {
        std::vector<member> members;
        for (auto&& [key, node] : table)
            members.emplace_back(&key, &node);
        std::ranges::sort(members, [](const member& a, const member& b) {
            const toml::source_position& first = a.first->source().begin;
            const toml::source_position& second = b.first->source().begin;
            return std::pair(first.line, first.column) < std::pair(second.line, second.column);
        });
        return members;
    }

    std::string at(toml::source_position where) const {
        return fmt::format("{}:{}:{}", name_, where.line, where.column);
    }

    std::vector<std::string> top_names() const {
        std::vector<std::string> names;
        for (const declared_kind& each : kinds_)
            names.emplace_back(each.flag);
        for (const option& each : global_.options())
            names.push_back(key_of(each));
        return names;
    }

    void unknown(toml::source_position where, std::string_view flag, std::string_view key,
                 const std::vector<std::string>& known) {
        const std::vector<std::string_view> names(known.begin(), known.end());
        const std::string elsewhere = flag.empty() ? table_of(key) : above_tables(key);
        add(where, fmt::format("{}{}unknown key '{}'{}", flag, flag.empty() ? "" : ": ", key,
                               elsewhere.empty() ? did_you_mean(key, names) : elsewhere));
    }

    // A key that is right in another place, for in TOML everything behind a table's head is its.
    std::string above_tables(std::string_view key) const {
        const auto found = std::ranges::find(global_.options(), key, key_of);
        return found == global_.options().end()
                   ? ""
                   : " here: it stands at the top, above the first table";
    }

    std::string table_of(std::string_view key) const {
        std::string tables;
        std::size_t count = 0;
        for (const declared_kind& kind : kinds_)
            kind.describe([&](const option_set& set) {
                if (std::ranges::find(set.options(), key, key_of) != set.options().end() &&
                    ++count <= 2)
                    tables += fmt::format("{}[[{}]]", count == 1 ? "" : ", ", kind.flag);
            });
        return count == 0 ? ""
                          : fmt::format(" here: it stands below {}{}", tables,
                                        count > 2 ? " and others" : "");
    }

    void global_option(const option& declared, const toml::node& node) {
        const std::string name = key_of(declared);
        for (std::string& text : set(declared, name, node))
            texts_.push_back(
                {name, std::move(text), fmt::format("{}: {}", at(node.source().begin), name)});
    }

    void components(const declared_kind& kind, const toml::key& key, const toml::node& node) {
        if (const toml::table* one = node.as_table()) {
            component(kind, *one, key.source().begin);
            return;
        }
        const toml::array* several = node.as_array();
        if (!several) {
            add(node.source().begin,
                fmt::format("{0}: write [[{0}]], and its options below", kind.flag));
            return;
        }
        for (const toml::node& each : *several)
            if (const toml::table* one = each.as_table())
                component(kind, *one, each.source().begin);
            else
                add(each.source().begin,
                    fmt::format("{0}: write [[{0}]], and its options below", kind.flag));
    }

    void component(const declared_kind& kind, const toml::table& table,
                   toml::source_position where) {
        const std::size_t faults = faults_.size();
        std::string text;
        kind.describe(
            [&](const option_set& declared) { text = flag_of(kind, declared, table, where); });
        if (faults_.size() > faults)
            return;
        try {
            kind.check(text);
        } catch (const usage_error& wrong) {
            add(where, fmt::format("{}: {}", kind.flag, wrong.what()));
            return;
        }
        texts_.push_back(
            {std::string(kind.flag), std::move(text), fmt::format("{}: {}", at(where), kind.flag)});
    }

    // A component's table as its flag's text.
    std::string flag_of(const declared_kind& kind, const option_set& declared,
                        const toml::table& table, toml::source_position where) {
        std::string what;
        std::string rest;
        std::vector<std::string> names;
        for (const option& each : declared.options())
            names.push_back(key_of(each));
        for (const auto& [key, node] : in_order(table)) {
            const auto found = std::ranges::find(declared.options(), key->str(), key_of);
            if (found == declared.options().end()) {
                unknown(key->source().begin, kind.flag, key->str(), names);
                continue;
            }
            const std::string name = fmt::format("{}: {}", kind.flag, key->str());
            for (const std::string& value : set(*found, name, *node))
                if (found->name.empty())
                    what = escape_value(value);
                else
                    rest += fmt::format(",{}={}", found->name, escape_value(value));
        }
        const option& first = declared.options().front();
        if (first.name.empty() && !table.contains(key_of(first)))
            add(where, fmt::format("{}: needs {}", kind.flag, key_of(first)));
        return what + (first.name.empty() || rest.empty() ? rest : rest.substr(1));
    }

    // The texts that a node gives to an option, which has taken each; none where one is wrong.
    std::vector<std::string> set(const option& declared, const std::string& name,
                                 const toml::node& node) {
        std::vector<std::string> texts;
        bool good = true;
        const auto take = [&](const toml::node& one) {
            try {
                texts.push_back(text_of(one, declared));
                declared.set(texts.back());
            } catch (const usage_error& wrong) {
                good = false;
                add(one.source().begin, fmt::format("{}: {}", name, wrong.what()));
            }
        };
        const toml::array* several = node.as_array();
        if (several && (declared.is_list || declared.ordered))
            for (const toml::node& each : *several)
                take(each);
        else
            take(node);
        return good ? texts : std::vector<std::string>();
    }

    const std::string name_;
    const std::span<const declared_kind> kinds_;
    const option_set& global_;
    std::vector<flag_text> texts_;
    std::vector<fault> faults_;
};

} // namespace

std::vector<flag_text> parse_config(std::string_view text, const std::string& name,
                                    std::span<const declared_kind> kinds,
                                    const option_set& global) {
    reading file(name, kinds, global);
    try {
        file.top(toml::parse(text, name));
    } catch (const toml::parse_error& wrong) {
        file.add(wrong.source().begin, said_better(wrong.description()));
    }
    return file.done();
}

std::vector<flag_text> read_config_file(const std::string& path,
                                        std::span<const declared_kind> kinds,
                                        const option_set& global) {
    return parse_config(read_text_file(path), path, kinds, global);
}

} // namespace weir
