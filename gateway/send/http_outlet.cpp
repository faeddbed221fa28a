#include "gateway/send/http_outlet.hpp"

#include "gateway/client/http_refusal.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir::send {

using namespace client;

namespace {

constexpr std::size_t most_bytes = 256u << 10; // of a request, where it is not one line
constexpr std::chrono::seconds patience{30};   // for an answer

// As many of the lines as go into one request, one at least.
line_block a_batch(line_block& lines, std::size_t most) {
    line_block batch = line_block(lines).take(most);
    if (batch.bytes.size() > most_bytes) {
        const std::size_t end = batch.bytes.rfind('\n', most_bytes - 1);
        const std::string_view fits =
            batch.bytes.substr(0, end == batch.bytes.npos ? batch.bytes.find('\n') + 1 : end + 1);
        batch.lines = static_cast<std::size_t>(std::ranges::count(fits, '\n'));
    }
    return lines.take(batch.lines);
}

// An answer that says something about this batch, and nothing about the next one.
bool is_about_the_body(unsigned status) { return status == 400 || status == 413 || status == 422; }

} // namespace

http_outlet::http_outlet(const send_options& o, waiter& waits) : options_(o), waits_(waits) {
    connection_.emplace(o, waits); // who does not answer at all is told at once
}

void http_outlet::send(line_block lines) {
    while (lines.lines > 0)
        post(a_batch(lines, options_.batch));
}

void http_outlet::post(line_block lines) {
    retry_policy policy(options_.retry_for, waiter::clock::now());
    for (;;) {
        std::string said;
        const http_outcome outcome = try_once(lines, said);
        const retry_verdict verdict = policy.next(outcome, waiter::clock::now());
        switch (verdict.what) {
        case retry_verdict::kind::delivered:
            books_.add_sent(lines);
            return;
        case retry_verdict::kind::again:
            waits_.sleep_until(waiter::clock::now() + verdict.wait);
            continue;
        case retry_verdict::kind::rejected:
            books_.refused[said] += lines.lines;
            if (is_about_the_body(outcome.status))
                return;
            throw connection_fault(fmt::format("{} answers {}", options_.to.shown(), said));
        case retry_verdict::kind::gave_up:
            books_.refused[said] += lines.lines;
            throw connection_fault(
                fmt::format("{}, and --retry-for {} is over", said, to_string(options_.retry_for)));
        }
    }
}

// `said` becomes the status or the fault.
http_outcome http_outlet::try_once(line_block lines, std::string& said) {
    try {
        if (!connection_)
            connection_.emplace(options_, waits_);
        const std::string head =
            fmt::format("POST {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: weir/" WEIR_VERSION
                        "\r\nContent-Type: application/x-ndjson\r\nContent-Length: {}\r\n{}\r\n",
                        options_.to.target, options_.to.host_header(), lines.bytes.size(),
                        authorization(options_.access));
        connection_->stream.write(head, patience);
        connection_->stream.write(lines.bytes, patience);
        const http_answer answer = connection_->reader.read_head(waiter::clock::now() + patience);
        const http_outcome outcome{answer.status, answer.retry_after()};
        said = read_refusal(connection_->reader, answer);
        if (!answer.keep_alive || !connection_->reader.body_ended())
            connection_.reset();
        return outcome;
    } catch (const connection_fault& fault) {
        connection_.reset();
        said = fault.what();
        return {};
    }
}

} // namespace weir::send
