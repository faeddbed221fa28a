#include "wire/json_edit.hpp"

#include "wire/json_check.hpp"
#include "wire/json_text.hpp"
#include "wire/json_walk.hpp"

#include <algorithm>
#include <utility>

namespace weir {

namespace {

const member_tree* find(const std::vector<member_tree>& among, std::string_view quoted) {
    const auto found = std::find_if(among.begin(), among.end(), [quoted](const member_tree& each) {
        return is_json_name(quoted, each.name);
    });
    return found == among.end() ? nullptr : &*found;
}

// Writes one object, member by member.
class object_writer {
public:
    explicit object_writer(std::string& out) : out_(out) { out_ += '{'; }

    void member(std::string_view quoted, std::string_view value) {
        if (!std::exchange(empty_, false))
            out_ += ',';
        out_.append(quoted).append(":").append(value);
    }
    void end() { out_ += '}'; }

private:
    std::string& out_;
    bool empty_ = true;
};

// Whether anything was kept.
bool keep(std::string& out, std::string_view object, const std::vector<member_tree>& wanted) {
    object_writer writer(out);
    bool any = false;
    walk_json_object(object, [&](std::string_view name, std::string_view value) {
        const member_tree* const found = find(wanted, name);
        if (!found)
            return true;
        std::string part;
        if (!found->below.empty()) {
            if (!value.starts_with('{') || !keep(part, value, found->below))
                return true;
            value = part;
        }
        writer.member(name, value);
        any = true;
        return true;
    });
    writer.end();
    return any;
}

} // namespace

bool is_json_object(std::string_view text) {
    std::string_view rest = text;
    skip_json_blanks(rest);
    return rest.starts_with('{') && is_json(text);
}

member_tree tree_of(const std::vector<member_path>& paths) {
    member_tree root;
    for (const member_path& path : paths) {
        member_tree* at = &root;
        bool covered = false;
        for (const std::string& name : path.names()) {
            const auto known = std::find_if(at->below.begin(), at->below.end(),
                                            [&](const auto& each) { return each.name == name; });
            if (known == at->below.end()) {
                at->below.push_back({name, {}});
                at = &at->below.back();
                continue;
            }
            at = &*known;
            covered = at->below.empty();
            if (covered)
                break;
        }
        if (!covered)
            at->below.clear();
    }
    return root;
}

void keep_members(std::string& out, std::string_view object, const member_tree& wanted) {
    keep(out, object, wanted.below);
}

bool drop_members(std::string& out, std::string_view object, const member_tree& unwanted) {
    const std::size_t before = out.size();
    object_writer writer(out);
    bool any = false;
    walk_json_object(object, [&](std::string_view name, std::string_view value) {
        const member_tree* const found = find(unwanted.below, name);
        if (found && found->below.empty()) {
            any = true;
            return true;
        }
        std::string part;
        if (found && value.starts_with('{') && drop_members(part, value, *found)) {
            any = true;
            value = part;
        }
        writer.member(name, value);
        return true;
    });
    writer.end();
    if (!any)
        out.resize(before);
    return any;
}

void set_members(std::string& out, std::string_view object, std::span<const new_member> members) {
    object_writer writer(out);
    std::vector<bool> there(members.size());
    walk_json_object(object, [&](std::string_view name, std::string_view value) {
        for (std::size_t i = 0; i < members.size(); ++i)
            if (is_json_name(name, members[i].name)) {
                there[i] = true;
                value = members[i].json;
            }
        writer.member(name, value);
        return true;
    });
    std::string name;
    for (std::size_t i = 0; i < members.size(); ++i) {
        if (there[i])
            continue;
        name.clear();
        append_json_string(name, members[i].name);
        writer.member(name, members[i].json);
    }
    writer.end();
}

} // namespace weir
