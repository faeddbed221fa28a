#include "wire/trace_context.hpp"

#include "wire/hex.hpp"
#include "wire/http_rules.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace weir {

namespace {

constexpr std::size_t traceparent_size = 55; // of version 00
constexpr std::size_t most_members = 32;

// Lower case alone. False where it is anything else, or only zeros.
bool read_id(std::string_view text, std::span<unsigned char> into) {
    if (text.size() != 2 * into.size())
        return false;
    bool zero = true;
    for (std::size_t i = 0; i < into.size(); ++i) {
        const char pair[] = {text[2 * i], text[2 * i + 1]};
        for (const char c : pair)
            if (hex_value(c) < 0 || (c >= 'A' && c <= 'F'))
                return false;
        into[i] = static_cast<unsigned char>(hex_value(pair[0]) * 16 + hex_value(pair[1]));
        zero &= into[i] == 0;
    }
    return !zero;
}

// As read_id, where a zero is as good as any.
std::optional<std::uint8_t> read_byte(std::string_view text) {
    unsigned char byte = 0;
    if (text == "00")
        return 0;
    if (!read_id(text, {&byte, 1}))
        return std::nullopt;
    return byte;
}

// B3's trace id may have only the lower half.
bool read_b3_ids(std::string_view trace, std::string_view span, trace_context& into) {
    const bool short_one = trace.size() == 2 * into.span.size();
    const std::span<unsigned char> whole(into.trace);
    return read_id(trace, short_one ? whole.last(into.span.size()) : whole) &&
           read_id(span, into.span);
}

std::optional<bool> b3_decision(std::string_view text) {
    if (text == "1" || text == "d" || text == "true")
        return true;
    if (text == "0" || text == "false")
        return false;
    return std::nullopt;
}

incoming_trace decided(std::optional<trace_context> context, std::optional<bool> sampled) {
    if (context && sampled == true)
        context->flags |= 1;
    return {std::move(context), sampled};
}

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_key_part(std::string_view part, std::size_t longest, bool digit_first) {
    if (part.empty() || part.size() > longest ||
        !(is_lower(part[0]) || (digit_first && is_digit(part[0]))))
        return false;
    return std::ranges::all_of(part, [](char c) {
        return is_lower(c) || is_digit(c) || c == '_' || c == '-' || c == '*' || c == '/';
    });
}

bool is_key(std::string_view key) {
    const std::size_t at = key.find('@');
    if (at == key.npos)
        return is_key_part(key, 256, false);
    return is_key_part(key.substr(0, at), 241, true) && is_key_part(key.substr(at + 1), 14, false);
}

bool is_value(std::string_view value) {
    return !value.empty() && value.size() <= 256 && value.back() != ' ' &&
           std::ranges::all_of(value,
                               [](char c) { return c >= ' ' && c <= '~' && c != ',' && c != '='; });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

std::string hex_of(std::span<const unsigned char> bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out;
    out.reserve(2 * bytes.size());
    for (const unsigned char byte : bytes)
        out.append({digits[byte >> 4], digits[byte & 0xf]});
    return out;
}

} // namespace

void trace_fields::take(std::string_view name, std::string_view value) {
    const auto keep = [&](std::string_view field, std::string_view& to) {
        if (!equals_ignoring_case(name, field))
            return;
        to = value;
        any = true;
    };
    switch (name.size()) {
    case 2:
        return keep("b3", b3);
    case 10:
        keep("x-b3-flags", b3_flags);
        if (!equals_ignoring_case(name, "tracestate"))
            return;
        if (tracestates < tracestate.size())
            tracestate[tracestates] = value;
        ++tracestates;
        return;
    case 11:
        if (equals_ignoring_case(name, "traceparent"))
            traceparent_twice = traceparent_twice || !traceparent.empty();
        keep("traceparent", traceparent);
        return keep("x-b3-spanid", b3_span);
    case 12:
        keep("x-b3-sampled", b3_sampled);
        return keep("x-b3-traceid", b3_trace);
    default:
        return;
    }
}

// Later versions may have more behind what is known, set off by a dash (section 3.2.4).
std::optional<trace_context> parse_traceparent(std::string_view value) {
    if (value.size() < traceparent_size || value[2] != '-' || value[35] != '-' || value[52] != '-')
        return std::nullopt;
    const auto version = read_byte(value.substr(0, 2));
    const auto flags = read_byte(value.substr(53, 2));
    trace_context out;
    if (!version || *version == 0xff || !flags || !read_id(value.substr(3, 32), out.trace) ||
        !read_id(value.substr(36, 16), out.span))
        return std::nullopt;
    const std::string_view more = value.substr(traceparent_size);
    if (!more.empty() && (*version == 0 || more[0] != '-'))
        return std::nullopt;
    out.flags = *flags & 3;
    return out;
}

bool is_tracestate(std::string_view value) {
    std::vector<std::string_view> keys;
    while (!value.empty()) {
        const std::size_t comma = value.find(',');
        const std::string_view member = trimmed(value.substr(0, comma));
        value.remove_prefix(comma == value.npos ? value.size() : comma + 1);
        if (member.empty())
            continue;
        const std::size_t equals = member.find('=');
        if (equals == member.npos || !is_key(member.substr(0, equals)) ||
            !is_value(member.substr(equals + 1)) || keys.size() == most_members ||
            std::ranges::find(keys, member.substr(0, equals)) != keys.end())
            return false;
        keys.push_back(member.substr(0, equals));
    }
    return !keys.empty();
}

incoming_trace parse_b3(std::string_view value) {
    if (value.size() == 1)
        return {std::nullopt, b3_decision(value)};
    std::array<std::string_view, 4> parts; // trace, span, decision, parent
    std::size_t count = 0;
    for (bool more = true; more; ++count) {
        if (count == parts.size())
            return {};
        const std::size_t dash = value.find('-');
        parts[count] = value.substr(0, dash);
        more = dash != value.npos;
        value.remove_prefix(more ? dash + 1 : value.size());
    }
    trace_context context;
    span_id parent{};
    if (!read_b3_ids(parts[0], parts[1], context) || (count == 4 && !read_id(parts[3], parent)) ||
        (count >= 3 && (parts[2].size() != 1 || !b3_decision(parts[2]))))
        return {};
    return decided(context, b3_decision(parts[2]));
}

incoming_trace read_trace(const trace_fields& fields) {
    if (auto context =
            fields.traceparent_twice ? std::nullopt : parse_traceparent(fields.traceparent)) {
        std::string state;
        for (std::size_t i = 0; i < std::min(fields.tracestates, fields.tracestate.size()); ++i)
            state.append(state.empty() ? "" : ",").append(fields.tracestate[i]);
        if (fields.tracestates <= fields.tracestate.size() && is_tracestate(state))
            context->state = std::move(state);
        const bool sampled = context->sampled();
        return {std::move(context), sampled};
    }
    if (!fields.b3.empty()) {
        incoming_trace single = parse_b3(fields.b3);
        if (single.context || single.sampled)
            return single;
    }
    const bool debug = fields.b3_flags == "1";
    const auto sampled = debug ? true : b3_decision(fields.b3_sampled);
    trace_context context;
    if (!read_b3_ids(fields.b3_trace, fields.b3_span, context))
        return {std::nullopt, sampled};
    return decided(context, sampled);
}

std::string to_traceparent(const trace_context& context) {
    const std::uint8_t flags = context.flags;
    return "00-" + to_hex(context.trace) + "-" + to_hex(context.span) + "-" + hex_of({&flags, 1});
}

std::string to_hex(const trace_id& id) { return hex_of(id); }
std::string to_hex(const span_id& id) { return hex_of(id); }

} // namespace weir
