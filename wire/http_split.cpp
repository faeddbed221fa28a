#include "wire/http_split.hpp"

#include <boost/json/basic_parser_impl.hpp>
#include <cstring>

namespace weir {

namespace {

// Wants nothing of the text but that it is JSON.
struct ignoring_handler {
    static constexpr std::size_t max_array_size = static_cast<std::size_t>(-1);
    static constexpr std::size_t max_object_size = max_array_size;
    static constexpr std::size_t max_string_size = max_array_size;
    static constexpr std::size_t max_key_size = max_array_size;

    using text = boost::json::string_view;
    using error_code = boost::json::error_code;

    bool on_document_begin(error_code&) { return true; }
    bool on_document_end(error_code&) { return true; }
    bool on_object_begin(error_code&) { return true; }
    bool on_object_end(std::size_t, error_code&) { return true; }
    bool on_array_begin(error_code&) { return true; }
    bool on_array_end(std::size_t, error_code&) { return true; }
    bool on_key_part(text, std::size_t, error_code&) { return true; }
    bool on_key(text, std::size_t, error_code&) { return true; }
    bool on_string_part(text, std::size_t, error_code&) { return true; }
    bool on_string(text, std::size_t, error_code&) { return true; }
    bool on_number_part(text, error_code&) { return true; }
    bool on_int64(std::int64_t, text, error_code&) { return true; }
    bool on_uint64(std::uint64_t, text, error_code&) { return true; }
    bool on_double(double, text, error_code&) { return true; }
    bool on_bool(bool, error_code&) { return true; }
    bool on_null(error_code&) { return true; }
    bool on_comment_part(text, error_code&) { return true; }
    bool on_comment(text, error_code&) { return true; }
};

bool is_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = 64;
    boost::json::basic_parser<ignoring_handler> parser(options);
    boost::json::error_code error;
    const std::size_t taken = parser.write_some(false, text.data(), text.size(), error);
    return !error && taken == text.size();
}

constexpr std::string_view json_space = " \t\r\n";

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(json_space);
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(json_space) + 1 - begin);
}

// Where the element that begins `text` ends: at the comma or bracket that is not within it. `text`
// is known to be JSON, so strings and depth are all there is to mind.
std::size_t element_end(std::string_view text) {
    std::size_t depth = 0;
    for (std::size_t at = 0;; ++at) {
        at = text.find_first_of("\",[]{}", at);
        switch (text[at]) {
        case '"':
            for (++at; text[at] != '"'; ++at)
                if (text[at] == '\\')
                    ++at;
            break;
        case '[':
        case '{':
            ++depth;
            break;
        case ',':
            if (depth == 0)
                return at;
            break;
        default:
            if (depth-- == 0)
                return at;
        }
    }
}

} // namespace

compacted_lines compact_lines(std::string_view body, char* arena) {
    compacted_lines done;
    while (!body.empty()) {
        const std::size_t newline = body.find('\n');
        std::string_view line = body.substr(0, newline);
        body.remove_prefix(newline == body.npos ? body.size() : newline + 1);
        if (newline != body.npos && line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.empty())
            continue;
        std::memcpy(arena + done.bytes, line.data(), line.size());
        done.bytes += line.size();
        arena[done.bytes++] = '\n';
        ++done.messages;
    }
    return done;
}

std::optional<std::vector<std::string_view>> split_json_array(std::string_view json) {
    json = trim(json);
    if (!json.starts_with('[') || !is_json(json))
        return std::nullopt;
    std::vector<std::string_view> elements;
    json.remove_prefix(1);
    if (trim(json) == "]")
        return elements;
    for (;;) {
        const std::size_t end = element_end(json);
        elements.push_back(trim(json.substr(0, end)));
        const bool last = json[end] == ']';
        json.remove_prefix(end + 1);
        if (last)
            return elements;
    }
}

} // namespace weir
