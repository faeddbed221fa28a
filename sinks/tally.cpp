#include "sinks/tally.hpp"

#include <chrono>
#include <vector>

namespace weir {

namespace {

// Year, month, day and hour as they stand in keys and fields.
struct calendar {
    calendar(std::int64_t hours_since_1970, const count_naming& naming) {
        using namespace std::chrono;
        const sys_time<hours> time{hours(hours_since_1970)};
        const auto date = floor<days>(time);
        const year_month_day ymd(date);
        year = std::to_string(static_cast<int>(ymd.year()));
        month = naming.number(static_cast<unsigned>(ymd.month()));
        day = naming.number(static_cast<unsigned>(ymd.day()));
        hour = naming.number(static_cast<unsigned>((time - date).count()));
    }
    std::string year, month, day, hour;
};

} // namespace

std::size_t tallies::hash::operator()(const tally_view& of) const {
    std::size_t sum = static_cast<std::size_t>(of.hour) * 2 + (of.unique ? 1 : 0);
    for (const std::string_view part : {of.account, of.topic, of.status})
        sum = sum * 1'000'003 ^ std::hash<std::string_view>()(part);
    return sum;
}

bool tallies::add(const tally_view& event, std::size_t bytes, std::size_t most) {
    auto found = counts_.find(event);
    if (found == counts_.end()) {
        if (counts_.size() >= most)
            return false;
        found = counts_
                    .emplace(tally{std::string(event.account), std::string(event.topic),
                                   std::string(event.status), event.hour, event.unique},
                             event_total())
                    .first;
    }
    found->second.add({1, bytes});
    return true;
}

event_total tallies::take(counters& into, const count_naming& naming, std::size_t most) {
    event_total taken;
    for (; most > 0 && !counts_.empty(); --most) {
        const auto first = counts_.begin();
        add_counters(into, first->first, first->second.messages, naming);
        taken.add(first->second);
        counts_.erase(first);
    }
    return taken;
}

std::uint64_t tallies::messages() const {
    std::uint64_t sum = 0;
    for (const auto& each : counts_)
        sum += each.second.messages;
    return sum;
}

void tallies::add_counters(counters& to, const tally& of, std::uint64_t n,
                           const count_naming& naming) {
    const calendar when(of.hour, naming);
    std::vector<std::string_view> accounts{all_accounts};
    if (!of.account.empty() && of.account != all_accounts)
        accounts.emplace_back(of.account);
    std::vector<std::string_view> topics;
    if (!of.topic.empty())
        topics.emplace_back(of.topic);
    if (of.unique && of.topic != unique_topic)
        topics.emplace_back(unique_topic);
    const std::string& separator = naming.separator;
    const auto year_key = [&](chart in, std::string_view account, std::string_view topic) {
        return naming.start(in) + naming.escaped(account) + separator + naming.escaped(topic) +
               separator + when.year;
    };
    for (const std::string_view account : accounts) {
        for (const std::string_view topic : topics) {
            std::string key = year_key(chart::track, account, topic);
            to[key][when.month] += n;
            key += separator + when.month;
            to[key][when.day] += n;
            key += separator + when.day;
            to[key][when.hour] += n;
        }
        if (!of.status.empty()) {
            std::string key = year_key(chart::funnels, account, of.topic);
            to[key][of.status] += n;
            to[key + separator + when.month][of.status] += n;
        }
    }
}

} // namespace weir
