#include "listeners/http_answers.hpp"

#include "wire/beacon.hpp"
#include "wire/websocket_frame.hpp"

#include <boost/beast/http/status.hpp>
#include <chrono>

namespace weir {

namespace {

void append_two_digits(std::string& out, unsigned number) {
    out += static_cast<char>('0' + number / 10);
    out += static_cast<char>('0' + number % 10);
}

// "Date: Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7).
void append_date(std::string& out) {
    constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    const auto today = std::chrono::floor<std::chrono::days>(now);
    const std::chrono::year_month_day date(today);
    const std::chrono::hh_mm_ss time(now - today);
    const auto year = static_cast<unsigned>(static_cast<int>(date.year()));
    out += "Date: ";
    out += weekdays.substr(std::chrono::weekday(today).c_encoding() * 3, 3);
    out += ", ";
    append_two_digits(out, static_cast<unsigned>(date.day()));
    out += ' ';
    out += months.substr((static_cast<unsigned>(date.month()) - 1) * 3, 3);
    out += ' ';
    append_two_digits(out, year / 100);
    append_two_digits(out, year % 100);
    out += ' ';
    append_two_digits(out, static_cast<unsigned>(time.hours().count()));
    out += ':';
    append_two_digits(out, static_cast<unsigned>(time.minutes().count()));
    out += ':';
    append_two_digits(out, static_cast<unsigned>(time.seconds().count()));
    out += " GMT\r\n";
}

void append_field(std::string& out, std::string_view name, std::string_view value) {
    out += name;
    out += ": ";
    out += value;
    out += "\r\n";
}

void begin(std::string& out, unsigned status, const answer_form& form) {
    out += "HTTP/1.1 ";
    if (status == 204) {
        out += "204 No Content"; // nearly every answer
    } else {
        const auto name =
            boost::beast::http::obsolete_reason(static_cast<boost::beast::http::status>(status));
        out += std::to_string(status);
        out += ' ';
        out.append(name.data(), name.size());
    }
    out += "\r\n";
    append_date(out);
    if (form.close)
        out += "Connection: close\r\n";
    else if (form.http_1_0)
        out += "Connection: keep-alive\r\n";
    if (!form.allow_origin.empty()) {
        append_field(out, "Access-Control-Allow-Origin", form.allow_origin);
        out += "Access-Control-Allow-Credentials: true\r\nVary: Origin\r\n";
    }
}

void append_body(std::string& out, std::string_view type, std::string_view body,
                 const answer_form& form) {
    append_field(out, "Content-Type", type);
    append_field(out, "Content-Length", std::to_string(body.size()));
    out += "X-Content-Type-Options: nosniff\r\n\r\n";
    if (!form.head_only)
        out += body;
}

std::string methods(const http_decision& decision) {
    std::string list;
    const auto add = [&list](std::string_view names) {
        list += list.empty() ? "" : ", ";
        list += names;
    };
    if (decision.takes_options)
        add("OPTIONS");
    if (decision.takes_get)
        add("GET, HEAD");
    if (decision.takes_post)
        add("POST, PUT");
    else if (decision.takes_put)
        add("PUT");
    return list;
}

} // namespace

void append_accepted(std::string& out, const answer_form& form) {
    begin(out, 204, form);
    out += "\r\n";
}

void append_answer(std::string& out, const http_answer& answer, const answer_form& form) {
    begin(out, answer.status, form);
    for (const auto& [name, value] : answer.headers)
        append_field(out, name, value);
    append_body(out, answer.content_type, answer.body, form);
}

void append_stream_head(std::string& out, const http_answer& answer, const answer_form& form) {
    begin(out, answer.status, form);
    for (const auto& [name, value] : answer.headers)
        append_field(out, name, value);
    append_field(out, "Content-Type", answer.content_type);
    out += "X-Content-Type-Options: nosniff\r\n\r\n";
}

void append_beacon(std::string& out, const answer_form& form) {
    begin(out, 200, form);
    out += "Cache-Control: no-store, no-cache, must-revalidate, private, proxy-revalidate\r\n"
           "Pragma: no-cache\r\n"
           "Expires: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
           "Cross-Origin-Resource-Policy: cross-origin\r\n";
    append_body(out, "image/gif", beacon_pixel, form);
}

void append_refusal(std::string& out, const http_refusal& refused, const http_decision& decision,
                    const answer_form& form) {
    begin(out, refused.status, form);
    switch (refused.status) {
    case 401:
        out += "WWW-Authenticate: Bearer\r\n";
        // A browser asks for a password then. Only where a person may have opened the path itself:
        // the page has its own way to ask.
        if (decision.route && decision.route->stream)
            out += "WWW-Authenticate: Basic realm=\"weir\", charset=\"UTF-8\"\r\n";
        break;
    case 405:
        append_field(out, "Allow", methods(decision));
        break;
    case 415:
        out += "Accept-Encoding: gzip, deflate, zstd\r\n";
        break;
    case 426:
        out += "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
        break;
    case 503:
        out += "Retry-After: 1\r\n";
        break;
    default:
        break;
    }
    append_body(out, "application/json", "{\"error\":\"" + std::string(refused.reason) + "\"}\n",
                form);
}

void append_preflight(std::string& out, const http_decision& decision, const answer_form& form) {
    begin(out, 204, form);
    append_field(out, "Allow", methods(decision));
    if (!form.allow_origin.empty()) {
        append_field(out, "Access-Control-Allow-Methods", methods(decision));
        out += "Access-Control-Allow-Headers: Authorization, Content-Type, Content-Encoding\r\n"
               "Access-Control-Max-Age: 7200\r\n";
    }
    out += "\r\n";
}

void append_continue(std::string& out) { out += "HTTP/1.1 100 Continue\r\n\r\n"; }

void append_switching(std::string& out, std::string_view websocket_key) {
    out += "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n";
    append_field(out, "Sec-WebSocket-Accept", websocket_accept_key(websocket_key));
    out += "\r\n";
}

} // namespace weir
