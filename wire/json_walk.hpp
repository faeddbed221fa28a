// Finding things in JSON text without building a document: one level of an object at a time, each
// part a view into the text. Nothing inside a value is judged, so who needs valid JSON asks
// is_json (wire/json_check.hpp) first; of anything else only the bounds are safe.
// Pure functions, usable from any thread.
#pragma once

#include <string>
#include <string_view>

namespace weir {

void skip_json_blanks(std::string_view& text);

// Takes a string off the front, its quotes with it; empty where none stands there.
std::string_view take_json_string(std::string_view& text);

// Takes a value off the front, whatever its kind, blanks behind it too but not in the view; empty
// where none stands there.
std::string_view take_json_value(std::string_view& text);

// Of a JSON string, without its quotes and escapes; what is none stays as it is.
std::string json_string_text(std::string_view quoted);

// Whether a name in the text, with its quotes, is this one, however it is escaped there.
bool is_json_name(std::string_view quoted, std::string_view name);

// Calls on_member(name with its quotes, value) for each member of the object that `text` is, in
// order. False: it is none, or on_member said so.
template <class OnMember>
bool walk_json_object(std::string_view text, OnMember on_member) {
    skip_json_blanks(text);
    if (!text.starts_with('{'))
        return false;
    char before = '{';
    do {
        text.remove_prefix(1);
        skip_json_blanks(text);
        if (before == '{' && text.starts_with('}'))
            break;
        const std::string_view name = take_json_string(text);
        skip_json_blanks(text);
        if (name.empty() || !text.starts_with(':'))
            return false;
        text.remove_prefix(1);
        skip_json_blanks(text);
        const std::string_view value = take_json_value(text);
        if (value.empty() || !on_member(name, value))
            return false;
        before = text.empty() ? '\0' : text.front();
    } while (before == ',');
    if (!text.starts_with('}'))
        return false;
    text.remove_prefix(1);
    skip_json_blanks(text);
    return text.empty();
}

} // namespace weir
