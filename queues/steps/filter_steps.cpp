#include "queues/steps/filter_steps.hpp"

#include "base/error.hpp"
#include "base/topic_filter.hpp"
#include "wire/member_path.hpp"

#include <re2/re2.h>
#include <utility>

namespace weir {

namespace {

class topic_step final : public step {
public:
    explicit topic_step(const std::vector<std::string>& patterns) : wanted_(patterns) {}

    void begin(const batch_facts&) override { last_ = {}; }

    // The events of a batch share the texts of their topics, so the last one is known by its
    // address.
    bool apply(passing_event& each) override {
        if (each.topic().data() != last_.data()) {
            last_ = each.topic();
            matches_ = wanted_.matches(last_);
        }
        return matches_;
    }

    bool asks_topic() const override { return true; }

private:
    const topic_filter wanted_;
    std::string_view last_;
    bool matches_ = false;
};

struct predicate {
    std::string_view path;
    bool negated = false;
    bool regex = false;
    std::string_view value;
};

// The first = or ~ that has no backslash before it parts path and value, with the ! in front of it.
bool split(std::string_view text, predicate& into) {
    if (text.starts_with('!'))
        return false; // a topic to leave out
    std::size_t at = 0;
    while (at < text.size() && text[at] != '=' && text[at] != '~')
        at += text[at] == '\\' ? 2 : 1;
    if (at >= text.size())
        return false;
    into.negated = at > 0 && text[at - 1] == '!';
    into.path = text.substr(0, at - (into.negated ? 1 : 0));
    into.regex = text[at] == '~';
    into.value = text.substr(at + 1);
    return true;
}

// Strangers choose the texts; an expression that wants more memory is matched more slowly.
std::unique_ptr<re2::RE2> compiled(std::string_view pattern) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    options.set_max_mem(1 << 20);
    auto out =
        std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (!out->ok())
        throw usage_error("'" + std::string(pattern) +
                          "' is no regular expression of RE2: " + out->error());
    return out;
}

class member_step final : public step {
public:
    explicit member_step(const predicate& from)
        : path_(from.path), negated_(from.negated), value_(from.value),
          expression_(from.regex ? compiled(from.value) : nullptr) {}

    bool apply(passing_event& each) override {
        const auto json = each.is_object() ? path_.find_in(each.text()) : std::nullopt;
        return (json && fits(*json)) != negated_;
    }

private:
    bool fits(std::string_view json) const {
        if (!expression_ && json == value_ && !json.starts_with('"'))
            return true;
        const std::string text = value_text(json);
        return expression_ ? re2::RE2::PartialMatch(text, *expression_) : text == value_;
    }

    const member_path path_;
    const bool negated_;
    const std::string value_;
    const std::unique_ptr<re2::RE2> expression_;
};

} // namespace

bool is_member_filter(std::string_view text) {
    predicate ignored;
    return split(text, ignored);
}

std::unique_ptr<step> make_topic_step(const std::vector<std::string>& patterns) {
    return std::make_unique<topic_step>(patterns);
}

std::unique_ptr<step> make_member_step(std::string_view text) {
    predicate found;
    split(text, found);
    return std::make_unique<member_step>(found);
}

} // namespace weir
