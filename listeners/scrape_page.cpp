#include "listeners/scrape_page.hpp"

#include "wire/http_encoding.hpp"

#include <utility>

namespace weir {

namespace {

scrape_page none(std::string why) { return {{}, {}, std::move(why)}; }

} // namespace

scrape_page page_of(http_response&& answer, std::size_t max_size) {
    using boost::beast::http::field;
    if (answer.status != 200)
        return none("status " + std::to_string(answer.status) +
                    (answer.status / 100 == 3 ? ", and redirects are not followed" : ""));
    const auto encoding = content_encoding_from(answer.field(field::content_encoding));
    if (!encoding)
        return none("a Content-Encoding that was not asked for");
    scrape_page page;
    page.format = prometheus_format_from(answer.field(field::content_type));
    if (*encoding == content_encoding::identity) {
        page.text = std::move(answer.body);
        return page;
    }
    if (const auto fault = decode_content(*encoding, answer.body, max_size, page.text))
        return none(fault->status == 413 ? "larger than max-size" : std::string(fault->reason));
    return page;
}

} // namespace weir
