#include "queues/steps/thinning_steps.hpp"

#include "base/error.hpp"
#include "base/units.hpp"
#include "wire/member_path.hpp"

#include <algorithm>
#include <optional>
#include <string>

namespace weir {

namespace {

// The number in front of the slash; `rest` is what stands behind it. Nothing where that is none.
std::optional<std::uint64_t> number_before_slash(std::string_view text, std::string_view& rest) {
    const std::size_t slash = text.find('/');
    if (slash == text.npos)
        return std::nullopt;
    rest = text.substr(slash + 1);
    try {
        return parse_number(text.substr(0, slash));
    } catch (const usage_error&) {
        return std::nullopt;
    }
}

class sample_step final : public step {
public:
    sample_step(std::uint64_t some, std::uint64_t of, std::optional<member_path> by)
        : some_(some), of_(of), by_(std::move(by)) {}

    bool apply(passing_event& each) override { return is_in(hash(each)); }

private:
    using wide = unsigned __int128;

    std::uint64_t hash(passing_event& each) const {
        if (by_ && each.is_object())
            if (const auto json = by_->find_in(each.text()))
                return steady_hash(value_text(*json));
        return steady_hash(each.original());
    }
    bool is_in(std::uint64_t hash) const { return wide(hash) * of_ < wide(some_) << 64; }

    const std::uint64_t some_;
    const std::uint64_t of_;
    const std::optional<member_path> by_;
};

class rate_step final : public step {
public:
    rate_step(std::uint64_t most, token_bucket::clock::duration per) : bucket_(most, per) {}

    void begin(const batch_facts& facts) override { bucket_.refill(facts.now); }
    bool apply(passing_event&) override { return bucket_.take(); }

private:
    token_bucket bucket_;
};

} // namespace

std::uint64_t steady_hash(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325;
    for (const char c : bytes)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash = (hash ^ (hash >> 33)) * 0xff51afd7ed558ccd;
    hash = (hash ^ (hash >> 33)) * 0xc4ceb9fe1a85ec53;
    return hash ^ (hash >> 33);
}

std::unique_ptr<step> make_sample_step(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    std::optional<member_path> by;
    if (colon < text.size())
        by.emplace(text.substr(colon + 1));
    std::string_view rest;
    const auto some = number_before_slash(text.substr(0, colon), rest);
    std::uint64_t of = 0;
    try {
        of = parse_number(rest);
    } catch (const usage_error&) {
        of = 0;
    }
    if (!some || *some == 0 || *some > of)
        throw usage_error("'" + std::string(text) +
                          "' is no sample: 1/100, or 1/100:PATH by a member");
    return std::make_unique<sample_step>(*some, of, std::move(by));
}

std::unique_ptr<step> make_rate_step(std::string_view text) {
    using namespace std::chrono_literals;
    std::string_view unit;
    const auto most = number_before_slash(text, unit);
    const bool known = unit == "s" || unit == "m" || unit == "h";
    if (!most || *most == 0 || *most > 1'000'000'000'000 || !known)
        throw usage_error("'" + std::string(text) + "' is no rate: 1000/s, 60/m or 10/h");
    return std::make_unique<rate_step>(*most, unit == "s" ? 1s : unit == "m" ? 60s : 3600s);
}

void token_bucket::refill(clock::time_point now) {
    if (last_ != clock::time_point() && now > last_) {
        const std::chrono::duration<double> since = now - last_;
        const std::chrono::duration<double> per = per_;
        tokens_ = std::min(most_, tokens_ + most_ * (since / per));
    }
    last_ = std::max(last_, now);
}

bool token_bucket::take() {
    if (tokens_ < 1)
        return false;
    tokens_ -= 1;
    return true;
}

} // namespace weir
