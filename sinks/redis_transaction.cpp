#include "sinks/redis_transaction.hpp"

#include <charconv>

namespace weir {

namespace {

// The marker of a weir that was killed goes by itself.
constexpr std::string_view marker_lifetime = "604800"; // seconds: a week

} // namespace

redis_transaction::verdict redis_transaction::judge(const std::vector<resp_value>& got) const {
    const std::size_t exec = counts.size() + 1; // behind MULTI and what it queues
    if (got.size() <= exec)
        return verdict::refused;
    if (got[exec].kind == resp_kind::nil)
        return verdict::aborted;
    return got[exec].kind == resp_kind::array && got[exec].items.size() == counts.size()
               ? verdict::applied
               : verdict::refused;
}

std::uint64_t redis_transaction::refused_counts(const std::vector<resp_value>& got) const {
    const std::vector<resp_value>& results = got[counts.size() + 1].items;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i].is_error())
            sum += counts[i];
    return sum;
}

std::string redis_transaction::first_error(const std::vector<resp_value>& got) {
    for (const resp_value& each : got) {
        if (each.is_error())
            return each.text;
        for (const resp_value& inner : each.items)
            if (inner.is_error())
                return inner.text;
    }
    return {};
}

// The empty transaction is there because a user who may not say MULTI, but HINCRBY, would count
// with every attempt.
std::string redis_marker::look() const {
    std::string out;
    append_command(out, {"MULTI"});
    append_command(out, {"EXEC"});
    append_command(out, {"WATCH", key_});
    append_command(out, {"GET", key_});
    return out;
}

std::optional<std::uint64_t> redis_marker::last_applied(const std::vector<resp_value>& got) {
    if (got.size() != look_replies || !got[0].is_status("OK") || got[1].kind != resp_kind::array ||
        !got[2].is_status("OK"))
        return std::nullopt;
    if (got[3].kind == resp_kind::nil)
        return 0;
    const std::string& text = got[3].text;
    std::uint64_t number = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (got[3].kind != resp_kind::bulk || fault != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return number;
}

redis_transaction redis_marker::transaction(counters& from, std::size_t most, std::uint64_t number,
                                            std::chrono::seconds expire) const {
    redis_transaction made;
    std::string& out = made.commands;
    append_command(out, {"MULTI"});
    const std::string seconds = std::to_string(expire.count());
    std::size_t counted = 0;
    while (!from.empty() && counted < most) {
        const auto key = from.begin();
        auto& fields = key->second;
        while (!fields.empty() && counted < most) {
            const auto& [field, n] = *fields.begin();
            append_command(out, {"HINCRBY", key->first, field, std::to_string(n)});
            made.counts.push_back(n);
            ++counted;
            fields.erase(fields.begin());
        }
        if (expire.count() > 0) {
            append_command(out, {"EXPIRE", key->first, seconds});
            made.counts.push_back(0);
        }
        if (fields.empty())
            from.erase(key);
    }
    append_command(out, {"SET", key_, std::to_string(number), "EX", marker_lifetime});
    made.counts.push_back(0);
    append_command(out, {"EXEC"});
    append_command(out, {"WATCH", key_});
    made.replies = made.counts.size() + 3;
    return made;
}

std::string redis_marker::forget() const {
    std::string out;
    append_command(out, {"DEL", key_});
    return out;
}

} // namespace weir
