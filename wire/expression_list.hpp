// A list of regular expressions (RE2's syntax) of which the first that matches a text counts. Not
// tried one by one: one pass over the text says which of the words that the expressions contain are
// in it, and only expressions all of whose words are there are tried.
//
// An expression that RE2 does not take (look-ahead, look-behind, back references) is skipped, with
// a debug line. Owned by whoever built it, immutable then, and usable from any thread.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <optional>
#include <re2/filtered_re2.h>
#include <re2/set.h>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Up to four texts come of a match: its groups 1 to 4, or what is said instead, in which $1 to $9
// stand for its groups.
struct expression {
    std::string pattern;
    std::array<std::optional<std::string>, 4> instead;
};

class expression_list {
public:
    using texts = std::array<std::string, 4>; // empty where a group is missing or is empty

    explicit expression_list(const std::vector<expression>& all);

    std::optional<texts> first_match(std::string_view utf8) const;

    std::size_t size() const { return instead_.size(); }
    std::size_t skipped() const { return skipped_; }

private:
    int first_index(re2::StringPiece text) const;

    re2::FilteredRE2 patterns_;
    std::unique_ptr<re2::RE2::Set> words_; // null where no pattern asks for any
    std::vector<decltype(expression::instead)> instead_;
    std::size_t skipped_ = 0;
};

} // namespace weir
