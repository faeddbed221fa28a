#include "wire/expression_list.hpp"

#include "base/log.hpp"

namespace weir {

using re2::RE2;
using re2::StringPiece;

namespace {

// What one expression may keep of its automaton, which grows with the texts it has seen. Strangers
// choose those; an expression that wants more is matched more slowly.
constexpr std::int64_t most_memory = 1 << 20;
constexpr std::int64_t most_memory_of_words = 32 << 20;

using groups = std::array<StringPiece, 10>; // the whole match, and $1 to $9

std::string trimmed(std::string text) {
    text.erase(text.find_last_not_of(' ') + 1);
    text.erase(0, text.find_first_not_of(' '));
    return text;
}

std::string filled_in(std::string_view pattern, const groups& found) {
    std::string out;
    for (std::size_t at = 0; at < pattern.size(); ++at) {
        const char next = at + 1 < pattern.size() ? pattern[at + 1] : '\0';
        if (pattern[at] == '$' && next >= '1' && next <= '9') {
            out += found[static_cast<std::size_t>(next - '0')].as_string();
            ++at;
        } else {
            out += pattern[at];
        }
    }
    return trimmed(std::move(out));
}

} // namespace

expression_list::expression_list(const std::vector<expression>& all) {
    RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(most_memory);
    for (const expression& each : all) {
        int index = 0;
        if (const auto fault = patterns_.Add(each.pattern, options, &index);
            fault != RE2::NoError) {
            ++skipped_;
            component_log("beacon").debug("skipped an expression that RE2 does not take: {}",
                                          each.pattern);
        } else {
            instead_.push_back(each.instead);
        }
    }
    if (instead_.empty())
        return;
    std::vector<std::string> words;
    patterns_.Compile(&words);
    if (words.empty())
        return;
    options.set_case_sensitive(false); // Compile gives them in lower case
    options.set_max_mem(most_memory_of_words);
    words_ = std::make_unique<RE2::Set>(options, RE2::UNANCHORED);
    for (const std::string& each : words)
        words_->Add(RE2::QuoteMeta(each), nullptr);
    words_->Compile();
}

int expression_list::first_index(StringPiece text) const {
    std::vector<int> found;
    RE2::Set::ErrorInfo fault{RE2::Set::kNoError};
    if (words_ && !words_->Match(text, &found, &fault) && fault.kind != RE2::Set::kNoError)
        return patterns_.SlowFirstMatch(text); // as right, only slower
    return patterns_.FirstMatch(text, found);
}

std::optional<expression_list::texts> expression_list::first_match(std::string_view utf8) const {
    if (instead_.empty())
        return std::nullopt;
    const StringPiece text(utf8.data(), utf8.size());
    const int index = first_index(text);
    if (index < 0)
        return std::nullopt;
    const RE2& pattern = patterns_.GetRE2(index);
    groups found;
    const int wanted = std::min(pattern.NumberOfCapturingGroups() + 1, 10);
    if (!pattern.Match(text, 0, text.size(), RE2::UNANCHORED, found.data(), wanted))
        return std::nullopt;
    texts out;
    const auto& instead = instead_[static_cast<std::size_t>(index)];
    for (std::size_t i = 0; i < out.size(); ++i)
        out[i] = instead[i] ? filled_in(*instead[i], found) : found[i + 1].as_string();
    return out;
}

} // namespace weir
