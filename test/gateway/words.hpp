// What a command of weir makes of its words.
#pragma once

#include "base/error.hpp"

#include <boost/test/unit_test.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace weir::test {

using words = std::vector<std::string>;

template <class Options>
Options read(const words& given) {
    Options read;
    BOOST_REQUIRE(read_words(given, read));
    return read;
}

// What is wrong with them, or "none".
template <class Options>
std::string fault(const words& given) {
    try {
        read<Options>(given);
    } catch (const usage_error& wrong) {
        return wrong.what();
    }
    return "none";
}

inline bool has(std::string_view text, std::string_view part) {
    return text.find(part) != text.npos;
}

} // namespace weir::test
