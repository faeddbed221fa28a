// Edits the text of JSON objects: what is not touched keeps its bytes and its order, so numbers
// stay as they were written. `object` is an object of valid JSON (wire/json_check.hpp), and what is
// appended to `out` is one again; blanks between the members of what is edited go.
// Pure functions, usable from any thread.
#pragma once

#include "wire/member_path.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

bool is_json_object(std::string_view text); // at most 200 levels deep

// Paths as a tree. A path that ends above another covers it.
struct member_tree {
    std::string name;
    std::vector<member_tree> below; // none: a member as a whole
};
member_tree tree_of(const std::vector<member_path>& paths);

// Only these. An object that none of them is in goes, except the outermost.
void keep_members(std::string& out, std::string_view object, const member_tree& wanted);

// Without these. False: none was there, and nothing is appended.
bool drop_members(std::string& out, std::string_view object, const member_tree& unwanted);

struct new_member {
    std::string name;
    std::string json; // its value
};

// With these: a member that is there gets the value, at its place, else it comes last.
void set_members(std::string& out, std::string_view object, std::span<const new_member> members);

} // namespace weir
