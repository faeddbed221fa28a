#include "queues/steps/edit_steps.hpp"

#include "base/error.hpp"
#include "wire/json_check.hpp"
#include "wire/json_edit.hpp"
#include "wire/json_text.hpp"

#include <algorithm>
#include <utility>

namespace weir {

namespace {

std::vector<member_path> paths_in(const step_texts& texts) {
    return std::vector<member_path>(texts.begin(), texts.end());
}

// Whether a tree names this member of the outermost object as a whole.
bool names(const member_tree& tree, std::string_view name) {
    return std::any_of(tree.below.begin(), tree.below.end(), [name](const member_tree& each) {
        return each.name == name && each.below.empty();
    });
}

class edit_step : public step {
public:
    bool apply(passing_event& each) final {
        if (!each.is_object())
            each.pass_by();
        else if (edit(each.draft(), each.text()))
            each.take();
        return true;
    }

private:
    virtual bool edit(std::string& to, std::string_view object) const = 0; // false: nothing to edit
};

class add_step final : public edit_step {
public:
    explicit add_step(std::vector<new_member> members) : members_(std::move(members)) {}

    bool keeps_type() const override {
        return std::none_of(members_.begin(), members_.end(),
                            [](const new_member& each) { return each.name == "type"; });
    }

private:
    bool edit(std::string& to, std::string_view object) const override {
        set_members(to, object, members_);
        return true;
    }

    const std::vector<new_member> members_;
};

class pick_step final : public edit_step {
public:
    explicit pick_step(member_tree wanted) : wanted_(std::move(wanted)) {}

    bool keeps_type() const override { return names(wanted_, "type"); }

private:
    bool edit(std::string& to, std::string_view object) const override {
        keep_members(to, object, wanted_);
        return true;
    }

    const member_tree wanted_;
};

class drop_step final : public edit_step {
public:
    explicit drop_step(member_tree unwanted) : unwanted_(std::move(unwanted)) {}

    bool keeps_type() const override { return !names(unwanted_, "type"); }

private:
    bool edit(std::string& to, std::string_view object) const override {
        return drop_members(to, object, unwanted_);
    }

    const member_tree unwanted_;
};

new_member member_from(const std::string& text) {
    const std::size_t equals = text.find('=');
    const bool is_json_value = equals != text.npos && equals > 0 && text[equals - 1] == ':';
    const std::string name = text.substr(0, equals - (is_json_value ? 1 : 0));
    if (equals == text.npos || name.empty())
        throw usage_error("'" + text + "' is no member: NAME=TEXT, or NAME:=JSON");
    const member_path path(name);
    if (path.names().size() > 1)
        throw usage_error("'" + name + "' is a member of a member; a dot of a name is written \\.");
    new_member out{path.names().front(), {}};
    const std::string value = text.substr(equals + 1);
    if (!is_json_value) {
        append_json_string(out.json, value);
        return out;
    }
    if (!is_json(value))
        throw usage_error("'" + value + "' is no JSON; of text, write " + name + "=" + value);
    out.json = value;
    std::replace(out.json.begin(), out.json.end(), '\n', ' ');
    return out;
}

} // namespace

std::unique_ptr<step> make_add_step(const step_texts& texts) {
    std::vector<new_member> members;
    for (const std::string& text : texts) {
        new_member next = member_from(text);
        const auto same = std::find_if(members.begin(), members.end(),
                                       [&](const auto& each) { return each.name == next.name; });
        if (same == members.end())
            members.push_back(std::move(next));
        else
            *same = std::move(next);
    }
    return std::make_unique<add_step>(std::move(members));
}

std::unique_ptr<step> make_pick_step(const step_texts& texts) {
    return std::make_unique<pick_step>(tree_of(paths_in(texts)));
}

std::unique_ptr<step> make_drop_step(const step_texts& texts) {
    return std::make_unique<drop_step>(tree_of(paths_in(texts)));
}

} // namespace weir
