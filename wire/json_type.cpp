#include "wire/json_type.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <cstdint>

namespace weir {

namespace {

using boost::json::error_code;
using boost::json::string_view;

// What Boost.JSON's parser calls: it follows how deep it is and keeps one string.
struct type_listener {
    static constexpr std::size_t max_object_size = std::size_t(-1);
    static constexpr std::size_t max_array_size = std::size_t(-1);
    static constexpr std::size_t max_key_size = std::size_t(-1);
    static constexpr std::size_t max_string_size = std::size_t(-1);
    static constexpr std::string_view wanted = "type";

    std::string type;
    std::string key; // of the outermost object, as far as it has come
    std::size_t depth = 0;
    bool in_object = false; // the outermost value is one
    bool value_next = false;

    bool at_type() const { return value_next && depth == 1; }
    bool value() {
        if (at_type()) // another kind of value
            type.clear();
        value_next = false;
        return true;
    }
    bool enter(bool object) {
        value();
        if (depth++ == 0)
            in_object = object;
        return true;
    }
    bool leave() {
        --depth;
        return true;
    }

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_array_begin(error_code&) { return enter(false); }
    bool on_array_end(std::size_t, error_code&) { return leave(); }
    bool on_object_begin(error_code&) { return enter(true); }
    bool on_object_end(std::size_t, error_code&) { return leave(); }
    bool on_key_part(string_view part, std::size_t, error_code&) {
        if (depth == 1 && key.size() <= wanted.size())
            key.append(part.data(), part.size());
        return true;
    }
    bool on_key(string_view part, std::size_t total, error_code& fault) {
        on_key_part(part, total, fault);
        if (depth == 1) {
            value_next = in_object && key == wanted;
            key.clear();
            if (value_next)
                type.clear();
        }
        return true;
    }
    bool on_string_part(string_view part, std::size_t, error_code&) {
        if (at_type())
            type.append(part.data(), part.size());
        return true;
    }
    bool on_string(string_view part, std::size_t total, error_code& fault) {
        on_string_part(part, total, fault);
        value_next = false;
        return true;
    }
    bool on_number_part(string_view, error_code&) { return true; }
    bool on_int64(std::int64_t, string_view, error_code&) { return value(); }
    bool on_uint64(std::uint64_t, string_view, error_code&) { return value(); }
    bool on_double(double, string_view, error_code&) { return value(); }
    bool on_bool(bool, error_code&) { return value(); }
    bool on_null(error_code&) { return value(); }
    bool on_comment_part(string_view, error_code&) { return true; }
    bool on_comment(string_view, error_code&) { return true; }
};

} // namespace

std::string json_type(std::string_view text) {
    // Most of what is no JSON object is known by its first byte.
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (begin == text.npos || text[begin] != '{')
        return {};
    boost::json::parse_options options;
    options.max_depth = 200;
    boost::json::basic_parser<type_listener> parser(options);
    error_code fault;
    const std::size_t read = parser.write_some(false, text.data(), text.size(), fault);
    return !fault && read == text.size() ? std::move(parser.handler().type) : std::string();
}

} // namespace weir
