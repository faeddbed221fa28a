// What the answer to a scrape comes to: a page, or why there is none. Pure, usable from any thread.
#pragma once

#include "base/http_connection.hpp"
#include "wire/prometheus_text.hpp"

#include <cstddef>
#include <string>

namespace weir {

struct scrape_page {
    std::string text;
    prometheus_format format = prometheus_format::text;
    std::string error; // not empty: there is no page
};

// Of a whole answer. Only 200 is a page, unzipped within `max_size`; redirects are not followed.
scrape_page page_of(http_response&& answer, std::size_t max_size);

} // namespace weir
