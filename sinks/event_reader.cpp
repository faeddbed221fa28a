#include "sinks/event_reader.hpp"

#include "base/error.hpp"
#include "wire/rfc3339.hpp"

#include <simdjson.h>

namespace weir {

using simdjson::dom::element;

struct event_reader::parser {
    simdjson::dom::parser dom;
};

namespace {

// A string, or an integer in digits; anything else is empty.
std::string_view name_of(element value, std::string& digits) {
    std::string_view text;
    std::int64_t number = 0;
    if (value.get(text) == simdjson::SUCCESS)
        return text;
    if (value.get(number) != simdjson::SUCCESS)
        return {};
    digits = std::to_string(number);
    return digits;
}

bool is_one(element value) {
    std::string digits;
    return name_of(value, digits) == "1";
}

} // namespace

event_reader::event_reader(std::string_view account) : parser_(std::make_unique<parser>()) {
    for (std::size_t end = 0; end != account.npos;) {
        end = account.find('.');
        account_.emplace_back(account.substr(0, end));
        account.remove_prefix(end == account.npos ? account.size() : end + 1);
        if (account_.back().empty())
            throw usage_error("option account: a path of members, as data.account");
    }
}

event_reader::~event_reader() = default;

event_facts event_reader::read(std::string_view event) {
    event_facts facts;
    const std::size_t begin = event.find_first_not_of(" \t\r\n");
    element root;
    if (begin == event.npos || event[begin] != '{' ||
        parser_->dom.parse(event.data(), event.size()).get(root) != simdjson::SUCCESS)
        return facts;
    element at = root;
    bool found = true;
    for (const std::string& name : account_)
        found = found && at.at_key(name).get(at) == simdjson::SUCCESS;
    if (found)
        facts.account = name_of(at, account_number_);
    element data;
    if (root.at_key("data").get(data) == simdjson::SUCCESS) {
        if (data.at_key("unq").get(at) == simdjson::SUCCESS)
            facts.unique = is_one(at);
        if (data.at_key("status").get(at) == simdjson::SUCCESS)
            facts.status = name_of(at, status_number_);
    }
    std::string_view time;
    if (root.at_key("time").get(time) == simdjson::SUCCESS)
        facts.time = parse_rfc3339(time);
    return facts;
}

} // namespace weir
