#include "queues/event_envelope.hpp"

#include "wire/base64.hpp"
#include "wire/json_check.hpp"
#include "wire/json_text.hpp"
#include "wire/utf8.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

namespace weir {

std::string rfc3339(receive_clock::time_point time) {
    namespace chrono = std::chrono;
    const auto micros = chrono::floor<chrono::microseconds>(time);
    const auto day = chrono::floor<chrono::days>(micros);
    const chrono::year_month_day date(day);
    const chrono::hh_mm_ss clock(micros - day);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

event_envelope::event_envelope(receive_clock::time_point received, std::string_view listener)
    : common_(R"(,"time":")" + rfc3339(received) + R"(","listener":)") {
    append_json_string(common_, listener);
    common_ += R"(,"topic":)";
}

void event_envelope::append(std::string& out, std::uint64_t seq, std::string_view topic,
                            std::string_view message) const {
    out += R"({"seq":)";
    out += std::to_string(seq);
    out += common_;
    append_json_string(out, is_utf8(topic) ? topic : std::string_view());
    out += R"(,"data":)";
    if (is_json(message)) {
        const std::size_t begin = out.size();
        out += message;
        // Within JSON a raw line break is between its tokens, never inside a string.
        const auto from = out.begin() + static_cast<std::ptrdiff_t>(begin);
        std::replace_if(
            from, out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    } else if (is_utf8(message)) {
        append_json_string(out, message);
    } else {
        out += '"';
        append_base64(out, message);
        out += R"(","encoding":"base64")";
    }
    out += '}';
}

} // namespace weir
