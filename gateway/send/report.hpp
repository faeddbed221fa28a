// What `weir send` says in the end, for people and as JSON. Main thread.
#pragma once

#include "gateway/send/outlet.hpp"

#include <string>

namespace weir::send {

struct send_report {
    send_books books;
    std::uint64_t too_long = 0; // lines that were not even handed over
    double seconds = 0;
    std::string fault; // what ended it before its time, or empty

    bool all_sent() const {
        return fault.empty() && too_long == 0 && books.errors == 0 && books.refused.empty();
    }
};

std::string as_text(const send_report& r);
std::string as_json(const client::url& to, const send_report& r);

} // namespace weir::send
