#include "wire/prometheus_text.hpp"

#include "wire/prometheus_number.hpp"
#include "wire/utf8.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace weir {

namespace {

constexpr std::array<std::pair<std::string_view, metric_type>, 9> type_names{
    {{"unknown", metric_type::unknown},
     {"untyped", metric_type::unknown},
     {"counter", metric_type::counter},
     {"gauge", metric_type::gauge},
     {"histogram", metric_type::histogram},
     {"summary", metric_type::summary},
     {"gaugehistogram", metric_type::gaugehistogram},
     {"stateset", metric_type::stateset},
     {"info", metric_type::info}}};

// What a family's samples may be called beside the family's own name.
std::span<const std::string_view> suffixes(metric_type type) {
    static constexpr std::array<std::string_view, 2> counter{"_total", "_created"};
    static constexpr std::array<std::string_view, 4> histogram{"_bucket", "_sum", "_count",
                                                               "_created"};
    static constexpr std::array<std::string_view, 3> summary{"_sum", "_count", "_created"};
    static constexpr std::array<std::string_view, 3> gaugehistogram{"_bucket", "_gsum", "_gcount"};
    static constexpr std::array<std::string_view, 1> info{"_info"};
    switch (type) {
    case metric_type::counter:
        return counter;
    case metric_type::histogram:
        return histogram;
    case metric_type::summary:
        return summary;
    case metric_type::gaugehistogram:
        return gaugehistogram;
    case metric_type::info:
        return info;
    default:
        return {};
    }
}

bool is_blank(char c) { return c == ' ' || c == '\t'; }

void skip_blanks(std::string_view& text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
}

bool skip(std::string_view& text, char c) {
    if (!text.starts_with(c))
        return false;
    text.remove_prefix(1);
    return true;
}

std::string_view take_word(std::string_view& text) {
    const auto end = std::find_if(text.begin(), text.end(), is_blank);
    const std::string_view word(text.begin(), end);
    text.remove_prefix(word.size());
    skip_blanks(text);
    return word;
}

// Takes a name off the front, empty where none stands there. A label's has no colon.
std::string_view take_name(std::string_view& text, bool colon) {
    std::size_t size = 0;
    for (; size < text.size(); ++size) {
        const char c = text[size];
        const bool letter =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (colon && c == ':');
        if (!letter && (size == 0 || c < '0' || c > '9'))
            break;
    }
    const std::string_view name = text.substr(0, size);
    text.remove_prefix(size);
    return name;
}

bool is_metric_name(std::string_view text) {
    return !take_name(text, true).empty() && text.empty();
}

// Takes a quoted value off the front. A backslash before anything but n, " and itself stays.
bool take_value(std::string_view& text, std::string& to) {
    to.clear();
    if (!skip(text, '"'))
        return false;
    for (;;) {
        const std::size_t at = text.find_first_of("\"\\");
        if (at == text.npos)
            return false;
        to += text.substr(0, at);
        const bool ends = text[at] == '"';
        text.remove_prefix(at + 1);
        if (ends)
            return true;
        if (skip(text, 'n'))
            to += '\n';
        else if (skip(text, '"'))
            to += '"';
        else if (skip(text, '\\'))
            to += '\\';
        else
            to += '\\';
    }
}

// From behind the opening brace to behind the closing one. Labels are used again, so that their
// values' memory is.
std::string_view take_labels(std::string_view& text, std::vector<prometheus_label>& to) {
    std::size_t count = 0;
    skip_blanks(text);
    while (!skip(text, '}')) {
        if (count == to.size())
            to.emplace_back();
        prometheus_label& label = to[count];
        ++count;
        label.name = take_name(text, false);
        if (label.name.empty())
            return "a label's name is expected";
        skip_blanks(text);
        if (!skip(text, '='))
            return "a label without '='";
        skip_blanks(text);
        if (!take_value(text, label.value))
            return "a label's value has no quotes, or no end";
        if (!is_utf8(label.value))
            return "a label's value is not UTF-8";
        skip_blanks(text);
        const bool more = skip(text, ',');
        skip_blanks(text);
        if (!more && !text.starts_with('}'))
            return "the labels have no end";
    }
    to.resize(count);
    return {};
}

// Whatever stands in it is for others, but it must be one.
bool is_exemplar(std::string_view text, std::vector<prometheus_label> labels = {}) {
    skip_blanks(text);
    if (!skip(text, '{') || !take_labels(text, labels).empty())
        return false;
    skip_blanks(text);
    if (!parse_prometheus_value(take_word(text)))
        return false;
    return text.empty() || parse_prometheus_seconds(text).has_value();
}

} // namespace

std::string_view to_string(metric_type type) {
    const auto found =
        std::ranges::find(type_names, type, &std::pair<std::string_view, metric_type>::second);
    return found->first;
}

prometheus_format prometheus_format_from(std::string_view content_type) {
    constexpr std::string_view name = "application/openmetrics-text";
    std::string_view media = content_type.substr(0, content_type.find(';'));
    skip_blanks(media);
    while (!media.empty() && is_blank(media.back()))
        media.remove_suffix(1);
    const bool same = std::ranges::equal(media, name, [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
    return same ? prometheus_format::openmetrics : prometheus_format::text;
}

void prometheus_parser::count(std::string_view what) {
    if (errors_++ == 0)
        first_error_ = {std::max<std::size_t>(line_, 1), what};
}

std::string_view prometheus_parser::take_line() {
    const std::size_t end = rest_.find('\n');
    std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end == rest_.npos ? rest_.size() : end + 1);
    ++line_;
    skip_blanks(line);
    while (!line.empty() && is_blank(line.back()))
        line.remove_suffix(1);
    return line;
}

bool prometheus_parser::next(prometheus_sample& to) {
    while (!rest_.empty()) {
        const std::string_view line = take_line();
        if (line.empty())
            continue;
        std::string_view wrong;
        if (ended_)
            wrong = "something stands behind # EOF";
        else if (line.starts_with('#'))
            wrong = read_comment(line.substr(1));
        else if (wrong = read_sample(line, to); wrong.empty())
            return true;
        if (!wrong.empty())
            count(wrong);
    }
    if (openmetrics_ && !std::exchange(ended_, true))
        count("the page ends without # EOF");
    return false;
}

std::string_view prometheus_parser::read_comment(std::string_view line) {
    const bool apart = !line.empty() && is_blank(line.front());
    skip_blanks(line);
    const std::string_view word = apart ? take_word(line) : std::string_view();
    if (word == "TYPE")
        return read_type(line);
    if (word == "HELP")
        return is_metric_name(take_word(line)) ? "" : "HELP without a metric's name";
    if (!openmetrics_)
        return {};
    if (word == "EOF" && line.empty()) {
        ended_ = true;
        return {};
    }
    if (word != "UNIT")
        return "a comment that OpenMetrics does not have";
    const std::string_view name = take_word(line);
    if (!is_metric_name(name))
        return "UNIT without a metric's name";
    const bool fits = line.empty() || (name.size() > line.size() && name.ends_with(line) &&
                                       name[name.size() - line.size() - 1] == '_');
    return fits ? "" : "a unit that the metric's name does not end with";
}

std::string_view prometheus_parser::read_type(std::string_view text) {
    const std::string_view name = take_word(text);
    if (!is_metric_name(name))
        return "TYPE without a metric's name";
    const auto found =
        std::ranges::find(type_names, text, &std::pair<std::string_view, metric_type>::first);
    if (found == type_names.end())
        return "a TYPE that nobody knows";
    return types_.emplace(name, found->second).second ? "" : "a second TYPE for a metric";
}

std::string_view prometheus_parser::read_sample(std::string_view line, prometheus_sample& to) {
    to.name = take_name(line, true);
    if (to.name.empty())
        return "a metric's name is expected";
    const std::size_t behind_name = line.size();
    skip_blanks(line);
    bool apart = line.size() < behind_name;
    if (skip(line, '{')) {
        if (const std::string_view wrong = take_labels(line, to.labels); !wrong.empty())
            return wrong;
        apart = true;
        skip_blanks(line);
    } else {
        to.labels.clear();
    }
    names_.clear();
    for (const prometheus_label& label : to.labels)
        names_.push_back(label.name);
    std::ranges::sort(names_);
    if (std::ranges::adjacent_find(names_) != names_.end())
        return "a label comes twice";
    if (!apart)
        return "a metric's name has something wrong in it";
    const std::optional<double> value = parse_prometheus_value(take_word(line));
    if (!value)
        return "a value that is no number";
    to.value = *value;
    to.timestamp.reset();
    if (!line.empty() && !(openmetrics_ && line.starts_with('#'))) {
        const std::string_view time = take_word(line);
        to.timestamp =
            openmetrics_ ? parse_prometheus_seconds(time) : parse_prometheus_milliseconds(time);
        if (!to.timestamp)
            return "a timestamp that is no time";
    }
    if (openmetrics_ && skip(line, '#') && !is_exemplar(std::exchange(line, {})))
        return "an exemplar that is none";
    if (!line.empty())
        return "something stands behind the sample";
    to.type = type_of(to.name);
    return {};
}

// A sample bears its family's name, or that and a suffix of the family's type.
metric_type prometheus_parser::type_of(std::string_view sample) const {
    if (const auto own = types_.find(sample); own != types_.end())
        return own->second;
    const std::size_t at = sample.rfind('_');
    if (at == sample.npos)
        return metric_type::unknown;
    const auto family = types_.find(sample.substr(0, at));
    if (family == types_.end())
        return metric_type::unknown;
    const auto known = suffixes(family->second);
    const bool fits = std::ranges::find(known, sample.substr(at)) != known.end();
    return fits ? family->second : metric_type::unknown;
}

} // namespace weir
