#include "base/options.hpp"

#include "base/option_text.hpp"

#include <algorithm>

namespace weir {

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

void option_set::add_ordered(std::string_view name, std::vector<ordered_option>& list,
                             std::string_view metavar, std::string_view help, bool is_switch,
                             bool is_list, std::function<void(std::string_view)> check) {
    option declared{name, metavar, help, is_switch, is_list, {}, {}, true};
    declared.set = [name, &list, is_switch, check = std::move(check)](std::string_view text) {
        if (is_switch && !parse_switch(text))
            return;
        check(text);
        list.push_back({std::string(name), std::string(text)});
    };
    declared.show = [] { return std::vector<std::string>(); };
    options_.push_back(std::move(declared));
    ordered_ = &list;
}

void option_set::add_sequence(std::string_view name, std::vector<ordered_option>& list,
                              std::string_view metavar, std::string_view help) {
    option declared{name, metavar, help, false, true, {}, {}, true};
    std::vector<option> steps;
    std::ranges::copy_if(options_, std::back_inserter(steps), &option::ordered);
    declared.set = [steps = std::move(steps)](std::string_view text) {
        const std::string_view step = text.substr(0, text.find('='));
        const auto found = std::ranges::find(steps, step, &option::name);
        if (found == steps.end()) {
            std::vector<std::string_view> names;
            std::ranges::transform(steps, std::back_inserter(names), &option::name);
            throw usage_error("unknown step '" + std::string(step) + "'" +
                              did_you_mean(step, names));
        }
        if (step.size() == text.size() && !found->is_switch)
            throw usage_error("'" + std::string(step) + "' needs a value: " + std::string(step) +
                              "=" + std::string(found->metavar));
        found->set(step.size() == text.size() ? "on" : text.substr(step.size() + 1));
    };
    declared.show = [&list] {
        std::vector<std::string> texts;
        for (const ordered_option& each : list)
            texts.push_back(each.name + "=" + each.text);
        return texts;
    };
    options_.push_back(std::move(declared));
}

// A bare word behind a list is one more value of it, unless it is the switch that follows in the
// same order. Another switch could be meant or not.
const option& option_set::find_bare(const option* list, const std::string& word) const {
    if (!list)
        return find(word);
    const auto same = std::find_if(options_.begin(), options_.end(), [&](const option& each) {
        return each.is_switch && each.name == word;
    });
    if (same == options_.end())
        return *list;
    if (!list->ordered || !same->ordered)
        throw usage_error("'" + word + "' behind " + std::string(list->name) +
                          "= can be read in two ways; write " + word + "=on or " +
                          std::string(list->name) + "=" + word);
    return *same;
}

void option_set::parse(std::string_view text) {
    const std::vector<std::string> parts = split_values(text);
    std::size_t next = 0;
    if (!options_.empty() && options_.front().name.empty()) {
        if (parts[0].empty())
            throw usage_error("needs " + std::string(options_.front().metavar));
        set(options_.front(), parts[next++]);
    }
    const option* list = nullptr;
    std::vector<const option*> once;
    const auto set_once = [&once](const option& declared, std::string_view value) {
        if (std::ranges::find(once, &declared) != once.end())
            throw usage_error("option " + std::string(declared.name) + " is given twice");
        if (!declared.is_list && !declared.ordered)
            once.push_back(&declared);
        set(declared, value);
    };
    for (; next < parts.size(); ++next) {
        const std::string& part = parts[next];
        const std::size_t equals = part.find('=');
        if (equals != std::string::npos) {
            const option& declared = find(std::string_view(part).substr(0, equals));
            set_once(declared, std::string_view(part).substr(equals + 1));
            list = declared.is_list ? &declared : nullptr;
        } else {
            const option& declared = find_bare(list, part);
            if (&declared != list && !declared.is_switch)
                throw usage_error("option " + part + " needs a value: " + part + "=" +
                                  std::string(declared.metavar));
            set_once(declared, &declared == list ? part : "on");
            list = declared.is_list ? list : nullptr;
        }
    }
}

std::string option_set::show() const {
    std::string out;
    for (const option& declared : options_) {
        if (declared.ordered)
            continue;
        for (const std::string& value : declared.show()) {
            if (!declared.name.empty())
                out += "," + std::string(declared.name) + "=";
            out += escape_value(value);
        }
    }
    if (ordered_)
        for (const ordered_option& each : *ordered_)
            out += "," + each.name + "=" + escape_value(each.text);
    return out;
}

} // namespace weir
