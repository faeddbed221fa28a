#include "gateway/send/report.hpp"

#include "gateway/client/report_text.hpp"

#include <fmt/format.h>

namespace weir::send {

using namespace client;

namespace {

double rate_of(const send_report& r) {
    return r.seconds > 0 ? static_cast<double>(r.books.sent) / r.seconds : 0;
}

std::map<std::string, std::uint64_t> refused(const send_report& r) {
    auto all = r.books.refused;
    if (r.too_long > 0)
        all["a line over 16 MiB"] = r.too_long;
    return all;
}

} // namespace

std::string as_text(const send_report& r) {
    std::string out = fmt::format("sent {}, {}, in {:.2f} s: {}/s\n",
                                  plural(r.books.sent, "message"), plural(r.books.bytes, "byte"),
                                  r.seconds, with_commas(static_cast<std::uint64_t>(rate_of(r))));
    for (const auto& [reason, count] : refused(r))
        out += fmt::format("not sent {}: {}\n", with_commas(count), reason);
    if (r.books.errors > 0)
        out += fmt::format("{}: nobody listens there\n", plural(r.books.errors, "error"));
    if (!r.fault.empty())
        out += fmt::format("ended early: {}\n", r.fault);
    return out;
}

std::string as_json(const url& to, const send_report& r) {
    std::string reasons;
    std::uint64_t sum = 0;
    for (const auto& [reason, count] : refused(r)) {
        reasons += fmt::format("{}{}:{}", reasons.empty() ? "" : ",", json_text(reason), count);
        sum += count;
    }
    return fmt::format("{{\"url\":{},\"sent\":{},\"bytes\":{},\"seconds\":{:.6f},\"rate\":{:.1f},"
                       "\"refused\":{},\"reasons\":{{{}}},\"errors\":{},\"fault\":{}}}\n",
                       json_text(to.shown()), r.books.sent, r.books.bytes, r.seconds, rate_of(r),
                       sum, reasons, r.books.errors, r.fault.empty() ? "null" : json_text(r.fault));
}

} // namespace weir::send
