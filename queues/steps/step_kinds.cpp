#include "queues/steps/edit_steps.hpp"
#include "queues/steps/envelope_step.hpp"
#include "queues/steps/filter_steps.hpp"
#include "queues/steps/pipeline.hpp"
#include "queues/steps/thinning_steps.hpp"

#include <array>

namespace weir {

namespace {

constexpr std::array<step_kind, 7> kinds{{
    {"filter", "TOPIC|TEST",
     "events of these topics: names, a* for all that begin so, !a to leave out; or with such a "
     "member: PATH=TEXT, PATH!=TEXT, PATH~REGEX, PATH!~REGEX",
     false, true},
    {"sample", "K/N[:PATH]", "K of N events, by a steady hash of the event or of a member"},
    {"rate", "N/s|N/m|N/h", "at most so many events a second, minute or hour"},
    {"pick", "PATH", "only these members: a,b.c", false, true},
    {"drop", "PATH", "without these members: a,b.c", false, true},
    {"add", "NAME=TEXT", "a member more, a string; NAME:=JSON any other value"},
    {"envelope", "", "the event as data, beside its number, time, listener and topic", true},
}};

std::unique_ptr<step> make(std::string_view name, const step_texts& texts) {
    if (name == "filter")
        return is_member_filter(texts.front()) ? make_member_step(texts.front())
                                               : make_topic_step(texts);
    if (name == "sample")
        return make_sample_step(texts.front());
    if (name == "rate")
        return make_rate_step(texts.front());
    if (name == "pick")
        return make_pick_step(texts);
    if (name == "drop")
        return make_drop_step(texts);
    if (name == "add")
        return make_add_step(texts);
    return make_envelope_step();
}

bool is_topic(const ordered_option& each) {
    return each.name == "filter" && !is_member_filter(each.text);
}

} // namespace

std::span<const step_kind> step_kinds() { return kinds; }

void declare_steps(option_set& set, std::vector<ordered_option>& list) {
    for (const step_kind& kind : kinds)
        set.add_ordered(
            kind.name, list, kind.metavar, kind.help, kind.is_switch, kind.is_list,
            [name = kind.name](std::string_view text) { make(name, {std::string(text)}); });
    set.add_sequence("steps", list, "STEP", "several of these in one list, as filter=order");
}

void pipeline::add(std::span<const ordered_option> list) {
    bool topics_made = false;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const ordered_option& first = list[i];
        step_texts texts{first.text};
        if (is_topic(first)) {
            if (std::exchange(topics_made, true))
                continue;
            for (const ordered_option& other : list.subspan(i + 1))
                if (is_topic(other))
                    texts.push_back(other.text);
        } else if (first.name == "pick" || first.name == "drop" || first.name == "add") {
            while (i + 1 < list.size() && list[i + 1].name == first.name)
                texts.push_back(list[++i].text);
        }
        append(make(first.name, texts));
    }
}

} // namespace weir
