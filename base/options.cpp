#include "base/options.hpp"

namespace weir {

namespace {

// Splits at commas; "\," is a comma of the value.
std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts(1);
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == ',')
            parts.back() += text[++i];
        else if (text[i] == ',')
            parts.emplace_back();
        else
            parts.back() += text[i];
    }
    return parts;
}

std::string escape(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c == ',')
            out += '\\';
        out += c;
    }
    return out;
}

} // namespace

const option& option_set::find(std::string_view name) const {
    std::vector<std::string_view> names;
    for (const option& declared : options_) {
        if (declared.name == name && !name.empty())
            return declared;
        if (!declared.name.empty())
            names.push_back(declared.name);
    }
    throw usage_error("unknown option '" + std::string(name) + "'" + did_you_mean(name, names));
}

void option_set::set(const option& declared, std::string_view value) {
    try {
        declared.set(value);
    } catch (const usage_error& wrong) {
        if (declared.name.empty())
            throw;
        throw usage_error("option " + std::string(declared.name) + ": " + wrong.what());
    }
}

void option_set::parse(std::string_view text) {
    const std::vector<std::string> parts = split(text);
    std::size_t next = 0;
    if (!options_.empty() && options_.front().name.empty()) {
        if (parts[0].empty())
            throw usage_error("needs " + std::string(options_.front().metavar));
        set(options_.front(), parts[next++]);
    }
    const option* list = nullptr;
    for (; next < parts.size(); ++next) {
        const std::string& part = parts[next];
        const std::size_t equals = part.find('=');
        if (equals != std::string::npos) {
            const option& declared = find(std::string_view(part).substr(0, equals));
            set(declared, std::string_view(part).substr(equals + 1));
            list = declared.is_list ? &declared : nullptr;
        } else if (list) {
            set(*list, part);
        } else {
            const option& declared = find(part);
            if (!declared.is_switch)
                throw usage_error("option " + part + " needs a value: " + part + "=" +
                                  std::string(declared.metavar));
            set(declared, "on");
        }
    }
}

std::string option_set::show() const {
    std::string out;
    for (const option& declared : options_)
        for (const std::string& value : declared.show()) {
            if (!declared.name.empty())
                out += "," + std::string(declared.name) + "=";
            out += escape(value);
        }
    return out;
}

} // namespace weir
