#include "wire/user_agent.hpp"

#include "wire/utf8.hpp"

#include <stdexcept>
#include <yaml-cpp/yaml.h>

namespace weir {

namespace {

using names = std::array<const char*, 4>;
constexpr names browser_names{"family_replacement", "v1_replacement", "v2_replacement",
                              "v3_replacement"};
constexpr names system_names{"os_replacement", "os_v1_replacement", "os_v2_replacement",
                             "os_v3_replacement"};

std::vector<expression> read(const YAML::Node& root, const char* list, const names& instead) {
    const YAML::Node entries = root[list];
    if (!entries || !entries.IsSequence() || entries.size() == 0)
        throw std::runtime_error(std::string("it has no list ") + list);
    std::vector<expression> out;
    out.reserve(entries.size());
    for (const YAML::Node& entry : entries) {
        expression next;
        next.pattern = entry["regex"].as<std::string>();
        for (std::size_t i = 0; i < instead.size(); ++i)
            if (const YAML::Node text = entry[instead[i]])
                next.instead[i] = text.as<std::string>();
        out.push_back(std::move(next));
    }
    return out;
}

// "126", "0" and "6478" are 126.0.6478; some expressions bring a dot of their own.
std::string version_of(const expression_list::texts& found) {
    std::string version;
    for (std::size_t i = 1; i < found.size() && !found[i].empty(); ++i) {
        if (i > 1 && !found[i].starts_with('.'))
            version += '.';
        version += found[i];
    }
    return version;
}

void set_if_known(std::string& to, std::string text) {
    if (!text.empty())
        to = std::move(text);
}

} // namespace

user_agent_expressions parse_user_agent_expressions(const std::string& yaml) {
    try {
        const YAML::Node root = YAML::Load(yaml);
        if (!root.IsMap())
            throw std::runtime_error("it has no list user_agent_parsers");
        return {read(root, "user_agent_parsers", browser_names),
                read(root, "os_parsers", system_names)};
    } catch (const YAML::Exception& wrong) {
        throw std::runtime_error(wrong.what());
    }
}

user_agent_parser::user_agent_parser(const user_agent_expressions& from)
    : browsers_(from.browsers), systems_(from.systems) {}

browser user_agent_parser::parse(std::string_view user_agent) const {
    const std::string text = repaired_utf8(user_agent.substr(0, most_bytes));
    browser out;
    if (const auto found = browsers_.first_match(text)) {
        set_if_known(out.name, found->front());
        set_if_known(out.version, version_of(*found));
    }
    if (const auto found = systems_.first_match(text))
        set_if_known(out.system, found->front());
    return out;
}

} // namespace weir
