#include "gateway/client/pace.hpp"
#include "gateway/client/progress.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/send/report.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir {

namespace {

using namespace send;
using client::pace;
using client::waiter;

constexpr std::size_t a_step = 4096; // lines between two looks at the progress

// The rate counts from now on again where nothing was to be sent for a while: what did not come
// then is not caught up with.
class paced {
public:
    explicit paced(double rate) : rate_(rate), pace_(rate, a_step) { pace_.begin(now()); }

    // How many may go now, one at least.
    std::size_t wait(waiter& waits) {
        if (rate_ > 0 && now() > pace_.next() + std::chrono::milliseconds(100)) {
            pace_ = pace(rate_, a_step);
            pace_.begin(now());
        }
        while (pace_.due(now()) == 0)
            waits.sleep_until(pace_.next());
        return static_cast<std::size_t>(pace_.due(now()));
    }
    void sent(std::size_t count) { pace_.sent(count); }

private:
    static waiter::clock::time_point now() { return waiter::clock::now(); }

    double rate_;
    pace pace_;
};

void send_lines(line_source& from, outlet& to, const send_options& wanted, waiter& waits) {
    paced rate(static_cast<double>(wanted.rate.value));
    client::progress line(wanted.progress);
    for (line_block lines = from.next(); lines.lines > 0; lines = from.next())
        while (lines.lines > 0) {
            const line_block some = lines.take(rate.wait(waits));
            to.send(some);
            rate.sent(some.lines);
            line.show(to.books().sent, "sent", fmt::format("{} refused", to.books().all_refused()));
        }
}

// What ended it before its time, or "".
std::string send_all(line_source& from, outlet& to, const send_options& wanted, waiter& waits) {
    try {
        std::string fault;
        try {
            send_lines(from, to, wanted, waits);
        } catch (const startup_error& unreadable) {
            fault = unreadable.what();
        }
        to.finish();
        return fault;
    } catch (const client::connection_fault& fault) {
        return fault.what();
    } catch (const client::stopped&) {
        return "interrupted";
    }
}

int run(const send_options& wanted) {
    waiter waits(false);
    line_source lines(wanted.files, waits);
    std::unique_ptr<outlet> to;
    try {
        to = make_outlet(wanted, waits);
    } catch (const client::connection_fault& fault) {
        throw startup_error(fault.what());
    } catch (const client::stopped&) {
        return 1;
    }
    send_report report;
    const auto began = waiter::clock::now();
    report.fault = send_all(lines, *to, wanted, waits);
    report.seconds = std::chrono::duration<double>(waiter::clock::now() - began).count();
    report.books = to->books();
    report.too_long = lines.too_long();
    if (wanted.json)
        fmt::print("{}", as_json(wanted.to, report));
    else
        fmt::print(stderr, "{}", as_text(report));
    return report.all_sent() ? 0 : 1;
}

} // namespace

int send_command(std::span<const std::string> words) {
    send_options wanted;
    if (read_words(words, wanted))
        return run(wanted);
    fmt::print("{}", send_help());
    return 0;
}

} // namespace weir
