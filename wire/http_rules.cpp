#include "wire/http_rules.hpp"

#include <algorithm>
#include <array>

namespace weir {

namespace {

constexpr auto token_bytes = [] {
    std::array<bool, 256> table{};
    for (char c : std::string_view("!#$%&'*+-.^_`|~"))
        table[static_cast<unsigned char>(c)] = true;
    for (unsigned c = '0'; c <= '9'; ++c)
        table[static_cast<unsigned char>(c)] = true;
    for (unsigned c = 'a'; c <= 'z'; ++c)
        table[c] = table[c - 'a' + 'A'] = true;
    return table;
}();

constexpr auto value_bytes = [] {
    std::array<bool, 256> table{};
    for (unsigned c = 0x20; c < 0x100; ++c)
        table[c] = c != 0x7f;
    table['\t'] = true;
    return table;
}();

constexpr auto host_bytes = [] { // RFC 3986, section 3.2.2, and the port
    std::array<bool, 256> table = token_bytes;
    for (char c : std::string_view("()=;:[]"))
        table[static_cast<unsigned char>(c)] = true;
    for (char c : std::string_view("#^`|"))
        table[static_cast<unsigned char>(c)] = false;
    return table;
}();

bool all_of(std::string_view text, const std::array<bool, 256>& table) {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return table[static_cast<unsigned char>(c)]; });
}

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trim(std::string_view text) {
    const std::size_t begin = text.find_first_not_of(" \t");
    if (begin == text.npos)
        return {};
    return text.substr(begin, text.find_last_not_of(" \t") + 1 - begin);
}

// What the fields say about where the request ends, and for whom it is.
struct framing_fields {
    unsigned hosts = 0;
    unsigned lengths = 0;
    unsigned encodings = 0;

    std::optional<http_fault> take(const http_field& field) {
        if (equals_ignoring_case(field.name, "host")) {
            ++hosts;
            if (!all_of(field.value, host_bytes))
                return http_fault{400, "malformed Host"};
        } else if (equals_ignoring_case(field.name, "content-length")) {
            ++lengths;
            const bool digits = std::all_of(field.value.begin(), field.value.end(),
                                            [](char c) { return c >= '0' && c <= '9'; });
            if (field.value.empty() || field.value.size() > 18 || !digits)
                return http_fault{400, "malformed Content-Length"};
        } else if (equals_ignoring_case(field.name, "transfer-encoding")) {
            ++encodings;
            if (field.value != "chunked")
                return http_fault{400, "Transfer-Encoding must be exactly chunked"};
        }
        return std::nullopt;
    }

    std::optional<http_fault> judge(bool http_1_0) const {
        if (hosts > 1)
            return http_fault{400, "more than one Host"};
        if (hosts == 0 && !http_1_0)
            return http_fault{400, "Host is missing"};
        if (lengths > 1)
            return http_fault{400, "more than one Content-Length"};
        if (encodings > 1)
            return http_fault{400, "more than one Transfer-Encoding"};
        if (encodings > 0 && lengths > 0)
            return http_fault{400, "Transfer-Encoding with Content-Length"};
        if (encodings > 0 && http_1_0)
            return http_fault{400, "Transfer-Encoding in HTTP/1.0"};
        return std::nullopt;
    }
};

// One line that ends in CRLF, taken from the front of `text`; nothing where it ends in LF alone.
std::optional<std::string_view> take_line(std::string_view& text) {
    const std::size_t end = text.find('\n');
    if (end == text.npos || end == 0 || text[end - 1] != '\r')
        return std::nullopt;
    const std::string_view line = text.substr(0, end - 1);
    text.remove_prefix(end + 1);
    return line;
}

} // namespace

bool equals_ignoring_case(std::string_view one, std::string_view other) {
    return std::equal(one.begin(), one.end(), other.begin(), other.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

bool is_http_token(std::string_view text) { return !text.empty() && all_of(text, token_bytes); }

std::optional<http_field> parse_http_field(std::string_view line) {
    const std::size_t colon = line.find(':');
    if (colon == line.npos)
        return std::nullopt;
    const http_field field{line.substr(0, colon), trim(line.substr(colon + 1))};
    if (!is_http_token(field.name) || !all_of(field.value, value_bytes))
        return std::nullopt;
    return field;
}

std::optional<http_fault> http_rules_fault(std::string_view head) {
    const auto request_line = take_line(head);
    if (!request_line || !all_of(*request_line, value_bytes))
        return http_fault{400, "malformed request line"};
    const bool http_1_0 = request_line->ends_with(" HTTP/1.0");
    if (!http_1_0 && !request_line->ends_with(" HTTP/1.1"))
        return http_fault{400, "not HTTP/1.1 or HTTP/1.0"};

    framing_fields framing;
    for (std::size_t fields = 0;; ++fields) {
        const auto line = take_line(head);
        if (!line)
            return http_fault{400, "a header line that does not end in CRLF"};
        if (line->empty())
            break;
        if (fields == most_http_fields)
            return http_fault{431, "more than 100 header fields"};
        if (line->front() == ' ' || line->front() == '\t')
            return http_fault{400, "a folded header line"};
        const auto field = parse_http_field(*line);
        if (!field)
            return http_fault{400, "malformed header field"};
        if (auto fault = framing.take(*field))
            return fault;
    }
    if (!head.empty())
        return http_fault{400, "malformed header"};
    return framing.judge(http_1_0);
}

} // namespace weir
