#include "gateway/client/http_refusal.hpp"

#include <boost/json/parse.hpp>
#include <fmt/format.h>

namespace weir::client {

namespace {

constexpr std::size_t most_body = 64u << 10;
constexpr std::size_t most_shown = 200;

// What stands in {"error":"..."}, fit for a terminal.
std::string error_in(const std::string& body) {
    boost::system::error_code fault;
    const boost::json::value parsed = boost::json::parse(body, fault);
    const boost::json::object* const object = fault ? nullptr : parsed.if_object();
    const boost::json::value* const error = object ? object->if_contains("error") : nullptr;
    if (!error || !error->is_string() || error->get_string().size() > most_shown)
        return {};
    std::string text(error->get_string().begin(), error->get_string().end());
    for (char& each : text)
        if (static_cast<unsigned char>(each) < ' ' || each == '\x7f')
            each = ' ';
    return text;
}

} // namespace

std::string read_refusal(http_reader& from, const http_answer& answer) {
    std::string body;
    const auto until = waiter::clock::now() + std::chrono::seconds(5);
    try {
        for (std::string_view more = from.read_body(until);
             !more.empty() && body.size() < most_body; more = from.read_body(until))
            body += more;
    } catch (const connection_fault&) { // the status is what counts
    }
    const std::string error = error_in(body);
    return error.empty() ? answer.status_line()
                         : fmt::format("{} ({})", answer.status_line(), error);
}

void refuse(const url& to, http_reader& from, const http_answer& answer) {
    throw http_refusal(fmt::format("{} answers {}", to.shown(), read_refusal(from, answer)),
                       answer);
}

} // namespace weir::client
