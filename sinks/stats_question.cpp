#include "sinks/stats_question.hpp"

#include "wire/http_head.hpp"
#include "wire/utf8.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <map>

namespace weir {

namespace json = boost::json;

namespace {

constexpr std::size_t longest_callback = 64;
constexpr std::size_t longest_host = 255;
constexpr unsigned most_months = 12;
constexpr unsigned most_days = 31;

bool is_alnum(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool all_of(std::string_view text, std::string_view others) {
    return std::ranges::all_of(
        text, [others](char c) { return is_alnum(c) || others.find(c) != others.npos; });
}

// RFC 3986, section 3.3: what a segment of a path may hold unescaped, and less.
std::string segment(std::string_view name) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    std::string out;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~')
            out += c;
        else
            out.append({'%', hex[byte >> 4], hex[byte & 0xf]});
    }
    return out;
}

bool parse_date_part(std::string_view text, std::size_t index, unsigned& to) {
    const unsigned most = index == 0 ? 9999 : index == 1 ? most_months : most_days;
    const bool fits = index == 0 ? text.size() == 4 : text.size() == 1 || text.size() == 2;
    if (!fits || !std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    to = 0;
    for (const char c : text)
        to = to * 10 + static_cast<unsigned>(c - '0');
    return to >= 1 && to <= most;
}

std::size_t date_parts(chart of) { return of == chart::track ? 3 : 2; }

// The year in four digits, as it stands in keys.
std::string date_text(const count_naming& naming, std::size_t index, unsigned number) {
    return index == 0 ? std::to_string(number) : naming.number(number);
}

json::object front(const stats_question& question, const count_naming& naming) {
    const auto name = [&](std::size_t i) -> json::string {
        return json::string(i < question.names.size() ? question.names[i] : "");
    };
    const auto date = [&](std::size_t i) -> json::string {
        return json::string(i < question.date.size() ? date_text(naming, i, question.date[i]) : "");
    };
    return {{"type", to_text(question.of)},
            {"account", name(0)},
            {"event", name(1)},
            {"year", date(0)},
            {"month", date(1)},
            {"day", date(2)}};
}

std::string own_link(const stats_question& question, const stats_options& options) {
    std::string link = "http://" + question.host + options.path_prefix + "/" + to_text(question.of);
    for (const std::string& name : question.names)
        link += "/" + segment(name);
    for (std::size_t i = 0; i < question.date.size(); ++i)
        link += "/" + date_text(options.naming, i, question.date[i]);
    return link;
}

http_answer as_answer(const stats_question& question, const json::object& what) {
    http_answer out;
    out.headers.emplace_back("Cache-Control", "no-store");
    out.content_type = "application/json";
    out.body = json::serialize(what);
    if (question.callback.empty()) {
        out.body += '\n';
        return out;
    }
    // The comment keeps the answer from being taken for anything else that begins with the name.
    out.content_type = "text/javascript; charset=utf-8";
    out.body = "/**/" + question.callback + "(" + out.body + ");\n";
    return out;
}

} // namespace

void stats_options::check() const {
    naming.check();
    if (!path_prefix.empty() && (!path_prefix.starts_with('/') || path_prefix.ends_with('/') ||
                                 !all_of(path_prefix, "/-._~")))
        throw usage_error("option path-prefix: a path as /stats, or nothing");
    if (timeout.count() <= 0 || timeout > std::chrono::minutes(5))
        throw usage_error("option timeout: from 1ms to 5m");
    if (!redis.empty())
        tls.check(redis.tls, "rediss");
}

std::string stats_question::key(const count_naming& naming) const {
    std::string out = naming.start(of);
    for (const std::string& name : names)
        out += naming.escaped(name) + naming.separator;
    for (std::size_t i = 0; i < date.size(); ++i)
        out += (i > 0 ? naming.separator : "") + date_text(naming, i, date[i]);
    return out;
}

std::vector<std::string> stats_question::keys_below(const count_naming& naming) const {
    std::vector<std::string> keys;
    if (lists() || date.size() >= date_parts(of))
        return keys;
    const std::string front = key(naming) + naming.separator;
    const unsigned most = date.size() == 1 ? most_months : most_days;
    for (unsigned n = 1; n <= most; ++n)
        keys.push_back(front + naming.number(n));
    return keys;
}

std::variant<stats_question, http_answer> parse_stats_question(const http_query& query,
                                                               const stats_options& options) {
    stats_question question;
    std::string_view rest = query.raw_path;
    if (!rest.starts_with(options.path_prefix + "/"))
        return stats_fault(404, "nothing is here");
    rest.remove_prefix(options.path_prefix.size() + 1);
    for (std::size_t index = 0; !rest.empty(); ++index) {
        const std::string_view sent = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), sent.size() + 1));
        const std::string part = percent_decoded(sent).value_or("");
        if (part.empty() || !is_utf8(part))
            return stats_fault(400, "a part of the path is empty or badly escaped");
        if (index == 0) {
            try {
                from_text(part, question.of);
            } catch (const usage_error&) {
                return stats_fault(404, "there are the charts track and funnels");
            }
        } else if (index <= 2) {
            question.names.push_back(part);
        } else if (unsigned number = 0; index > 2 + date_parts(question.of)) {
            return stats_fault(404, "the chart goes no deeper");
        } else if (parse_date_part(part, index - 3, number)) {
            question.date.push_back(number);
        } else {
            return stats_fault(400, "a date is YEAR/MONTH/DAY, in digits");
        }
    }
    if (query.raw_path.size() <= options.path_prefix.size() + 1)
        return stats_fault(404, "there are the charts track and funnels");
    if (query.host.empty() || query.host.size() > longest_host || !all_of(query.host, ".-_:[]"))
        return stats_fault(400, "a valid Host is needed");
    question.host = query.host;
    if (const auto callback = query_value(query.query, "callback")) {
        question.callback = percent_decoded(*callback).value_or("");
        if (question.callback.empty() || question.callback.size() > longest_callback ||
            !all_of(question.callback, "_.$"))
            return stats_fault(400, "a callback is 1 to 64 of A-Z a-z 0-9 _ . $");
    }
    return question;
}

std::string scan_pattern(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (std::string_view("*?[]\\^-").find(c) != std::string_view::npos)
            out += '\\';
        out += c;
    }
    return out + '*';
}

// A glob knows no parts, so what matched may be another level, or no key of ours at all.
void collect_names(const stats_question& question, const count_naming& naming,
                   const std::vector<resp_value>& keys, std::set<std::string>& into) {
    const std::string front = question.key(naming);
    for (const resp_value& key : keys) {
        const auto parts = naming.parts(question.of, key.text);
        unsigned year = 0;
        if (!parts || parts->size() != 3 || !key.text.starts_with(front) ||
            !parse_date_part(parts->at(2), 0, year))
            continue;
        const auto name = naming.unescaped(parts->at(question.names.size()));
        if (name && !name->empty() && is_utf8(*name))
            into.insert(*name);
    }
}

http_answer stats_list(const stats_question& question, const stats_options& options,
                       const std::set<std::string>& names, bool truncated) {
    json::object out = front(question, options.naming);
    const std::string here = own_link(question, options);
    json::array links;
    json::array plain;
    for (const std::string& name : names) {
        links.emplace_back(here + "/" + segment(name));
        plain.emplace_back(name);
    }
    out["links"] = std::move(links);
    out["names"] = std::move(plain);
    if (truncated)
        out["truncated"] = true;
    return as_answer(question, out);
}

http_answer stats_counts(const stats_question& question, const stats_options& options,
                         const std::vector<resp_value>& fields, const std::vector<bool>& below) {
    json::object out = front(question, options.naming);
    const std::string here = own_link(question, options);
    json::array links;
    for (std::size_t i = 0; i < below.size(); ++i)
        if (below[i])
            links.emplace_back(here + "/" + options.naming.number(static_cast<unsigned>(i) + 1));
    // 2 before 10: shorter first, then by their digits.
    const auto before = [](std::string_view a, std::string_view b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    };
    std::map<std::string_view, std::string_view, decltype(before)> sorted(before);
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2)
        sorted[fields[i].text] = fields[i + 1].text;
    json::object data;
    for (const auto& [field, count] : sorted) {
        std::uint64_t number = 0;
        try {
            number = parse_number(count);
        } catch (const usage_error&) {
            continue; // nothing that counting has written
        }
        data[field] = number;
    }
    out["links"] = std::move(links);
    out["data"] = std::move(data);
    return as_answer(question, out);
}

http_answer stats_fault(unsigned status, std::string_view why) {
    http_answer out;
    out.status = status;
    out.content_type = "application/json";
    out.body = json::serialize(json::object{{"error", why}}) + "\n";
    out.headers.emplace_back("Cache-Control", "no-store");
    return out;
}

} // namespace weir
