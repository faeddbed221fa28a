// The way to a member of a JSON object: "data.status" is the member `status` of the object that is
// the member `data`. A backslash takes the meaning from what follows it: "a\.b" is one name. It
// leads through objects only. Immutable, usable from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class member_path {
public:
    explicit member_path(std::string_view text); // throws usage_error

    const std::vector<std::string>& names() const { return names_; }

    // Its value in an object of valid JSON, as it stands there. Of names that are there twice the
    // last counts, as with most parsers.
    std::optional<std::string_view> find_in(std::string_view object) const;

private:
    std::vector<std::string> names_;
};

// A value as people write it: of a string what it says, else the JSON.
std::string value_text(std::string_view json);

} // namespace weir
