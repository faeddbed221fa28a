// Which browser a User-Agent names (RFC 9110, section 10.1.5), by the expressions of uap-core, the
// list that the ua-parser libraries share, read as its specification says:
// https://github.com/ua-parser/uap-core/blob/master/docs/specification.md
//
// Immutable, usable from any thread. One look-up tries a handful of expressions, some
// microseconds; wire/known_browsers.hpp remembers what came of it.
#pragma once

#include "wire/expression_list.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir {

constexpr std::string_view unknown_browser = "Other"; // and whatever else is not known of one

struct browser {
    std::string name{unknown_browser};
    std::string version{unknown_browser}; // "126.0.6478"; as many parts as are known, at most three
    std::string system{unknown_browser};  // the family alone: browsers no longer tell its version
    friend bool operator==(const browser&, const browser&) = default;
};

struct user_agent_expressions {
    std::vector<expression> browsers; // name, then three parts of the version
    std::vector<expression> systems;  // the name
};

// Out of uap-core's regexes.yaml. Throws std::runtime_error, which says what is wrong with it.
user_agent_expressions parse_user_agent_expressions(const std::string& yaml);

class user_agent_parser {
public:
    static constexpr std::size_t most_bytes = 1024; // what stands behind is not looked at

    explicit user_agent_parser(const user_agent_expressions& from);

    browser parse(std::string_view user_agent) const;

    std::size_t expressions() const { return browsers_.size() + systems_.size(); }
    std::size_t skipped() const { return browsers_.skipped() + systems_.skipped(); }

private:
    expression_list browsers_;
    expression_list systems_;
};

} // namespace weir
