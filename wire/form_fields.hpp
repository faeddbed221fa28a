// The fields of a query or a form, application/x-www-form-urlencoded, read as browsers write it
// (WHATWG URL, section 5.1): nothing in it is an error. Pure functions, usable from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace weir {

struct form_field {
    std::string name; // decoded, perhaps not UTF-8
    std::string value;
};

// Takes the next field off the front of `query`; nothing where there is none any more.
std::optional<form_field> next_form_field(std::string_view& query);

// '+' is a space and %XX a byte; a '%' that nothing of the kind follows is itself.
std::string form_decoded(std::string_view text);

} // namespace weir
