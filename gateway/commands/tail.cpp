#include "gateway/client/http_refusal.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/tail/listening.hpp"
#include "sinks/backoff.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>

namespace weir {

namespace {

using namespace tail;
using client::waiter;

// What one connection came to.
struct ending {
    std::string why = "the stream has ended";
    bool broken = false;
    std::optional<std::chrono::milliseconds> retry_after;
};

// Throws startup_error where another connection would come to the same.
ending listen_once(listening& to) {
    ending end;
    try {
        to.run();
    } catch (const client::http_refusal& refused) {
        if (!to.has_opened() || !refused.worth_another_try())
            throw startup_error(refused.what());
        end = {refused.what(), true, refused.retry_after};
    } catch (const client::connection_fault& fault) {
        if (!to.has_opened())
            throw startup_error(fault.what());
        end = {fault.what(), true, std::nullopt};
    }
    to.out().flush();
    return end;
}

int follow(const tail_options& wanted) {
    waiter waits(true);
    listening stream(wanted, waits);
    backoff pauses(std::chrono::milliseconds(250), std::chrono::milliseconds(10'000));
    try {
        for (;;) {
            const std::uint64_t before = stream.out().events();
            const ending end = listen_once(stream);
            if (stream.out().full())
                return 0;
            if (wanted.no_reconnect) {
                say(end.why);
                return end.broken ? 1 : 0;
            }
            if (stream.out().events() > before)
                pauses.reset();
            const auto pause = std::max({pauses.next(), stream.retry().value_or(duration(0)),
                                         end.retry_after.value_or(duration(0))});
            say(fmt::format("{}; connecting again in {} ms", end.why, pause.count()));
            waits.sleep_until(waiter::clock::now() + pause);
        }
    } catch (const client::stopped&) {
        return 0;
    }
}

} // namespace

int tail_command(std::span<const std::string> words) {
    tail_options wanted;
    if (read_words(words, wanted))
        return follow(wanted);
    fmt::print("{}", tail_help());
    return 0;
}

} // namespace weir
