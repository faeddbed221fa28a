// The expressions of Debian's package uap-core, read once, for tests.
#pragma once

#include "wire/user_agent.hpp"

#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>

namespace weir::test {

inline const std::string uap_core = "/usr/share/uap-core";

inline std::string text_of(const std::string& path) {
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file.is_open())
        throw std::runtime_error("can't read " + path);
    return text.str();
}

inline const user_agent_parser& uap_core_parser() {
    static const user_agent_parser parser(
        parse_user_agent_expressions(text_of(uap_core + "/regexes.yaml")));
    return parser;
}

} // namespace weir::test
