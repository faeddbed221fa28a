// What counting needs to know of an event that is a JSON object: whose it is, when it was, whether
// it counts as unique, and its status. Whatever is no such object has nothing of that. Used by one
// thread at a time.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// Views live until the next event is read.
struct event_facts {
    std::string_view account;                     // empty: none
    std::string_view status;                      // data.status, likewise
    bool unique = false;                          // data.unq is "1" or 1
    std::optional<std::chrono::sys_seconds> time; // of the member `time`
};

class event_reader {
public:
    // `account` is the path to the member that names it, as data.account. Throws usage_error.
    explicit event_reader(std::string_view account);
    ~event_reader();

    event_facts read(std::string_view event);

private:
    struct parser;
    std::unique_ptr<parser> parser_;
    std::vector<std::string> account_;
    std::string account_number_;
    std::string status_number_;
};

} // namespace weir
