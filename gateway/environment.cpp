#include "gateway/environment.hpp"

#include "base/error.hpp"

#include <cctype>
#include <cstdlib>

namespace weir {

std::string environment_name(std::string_view flag) {
    std::string name = "WEIR_";
    for (char c : flag)
        name += c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    return name;
}

std::vector<std::string> from_environment(std::string_view flag) {
    std::vector<std::string> texts;
    const char* value = std::getenv(environment_name(flag).c_str());
    std::string_view rest = value ? value : "";
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find(';'), rest.size());
        if (const std::string_view one = rest.substr(0, end); !one.empty())
            texts.emplace_back(one);
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    return texts;
}

std::string with_environment(std::string_view text) {
    std::string out;
    for (;;) {
        const std::size_t brace = text.find("${");
        out += text.substr(0, brace);
        if (brace == text.npos)
            return out;
        text.remove_prefix(brace + 2);
        if (out.ends_with('$')) { // it was "$${"
            out += '{';
            continue;
        }
        const std::size_t end = text.find('}');
        if (end == text.npos)
            throw usage_error("'${' without a '}' (write $${ where it is meant as it stands)");
        const std::string name(text.substr(0, end));
        const char* value = std::getenv(name.c_str());
        if (!value)
            throw usage_error("'" + name + "' is not set in the environment");
        out += value;
        text.remove_prefix(end + 1);
    }
}

} // namespace weir
