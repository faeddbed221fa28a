#include "gateway/client/http_refusal.hpp"
#include "gateway/commands/commands.hpp"
#include "gateway/top/options.hpp"
#include "gateway/top/terminal.hpp"
#include "gateway/top/view.hpp"

#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace weir {

namespace {

using namespace top;
using client::connection_fault;
using client::waiter;

constexpr std::chrono::seconds patience{5}; // for an answer
constexpr std::chrono::seconds every{1};
constexpr std::size_t most_page = 16u << 20;

snapshot ask(const top_options& wanted, waiter& waits) {
    const client::url& from = wanted.from;
    client::byte_stream stream(from, wanted.access, waits);
    stream.write(fmt::format("GET {} HTTP/1.1\r\nHost: {}\r\nUser-Agent: weir/" WEIR_VERSION
                             "\r\nAccept: text/plain\r\nConnection: close\r\n{}\r\n",
                             from.target, from.host_header(), authorization(wanted.access)),
                 patience);
    client::http_reader reader(stream);
    const auto until = waiter::clock::now() + patience;
    const client::http_answer answer = reader.read_head(until);
    if (answer.status != 200)
        client::refuse(from, reader, answer);
    std::string page;
    for (std::string_view more = reader.read_body(until); !more.empty();
         more = reader.read_body(until)) {
        page += more;
        if (page.size() > most_page)
            throw connection_fault(from.shown() + " answers without end");
    }
    auto read = read_snapshot(page);
    if (!read)
        throw connection_fault(from.shown() + " is no weir's /metrics");
    return std::move(*read);
}

// Throws connection_fault, with who it is about.
snapshot fetch(const top_options& wanted, waiter& waits) {
    try {
        return ask(wanted, waits);
    } catch (const connection_fault& fault) {
        const std::string what = fault.what();
        const std::string whom = wanted.from.shown();
        throw connection_fault(what.find(whom) == what.npos ? whom + ": " + what : what);
    }
}

// Two looks, and what lies between them.
class looks {
public:
    looks(const top_options& wanted, waiter& waits) : wanted_(wanted), waits_(waits) {}

    void next() {
        snapshot fresh = fetch(wanted_, waits_);
        const auto now = waiter::clock::now();
        before_ = std::exchange(now_.now, std::move(fresh));
        now_.before = seen_ ? &before_ : nullptr;
        now_.seconds = std::chrono::duration<double>(now - when_).count();
        now_.clock =
            std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                .count();
        now_.trouble.clear();
        when_ = now;
        seen_ = true;
    }
    void failed(const std::string& why) { now_.trouble = why + "; trying again"; }
    std::vector<std::string> table(const window& fits = {}) const {
        return table_of(now_, wanted_.from.shown(), fits);
    }

private:
    const top_options& wanted_;
    waiter& waits_;
    look now_;
    snapshot before_;
    waiter::clock::time_point when_{};
    bool seen_ = false;
};

void print_once(looks& of, waiter& waits) {
    waits.sleep_until(waiter::clock::now() + every);
    of.next();
    for (const std::string& line : of.table())
        fmt::print("{}\n", cut_to(line, std::string::npos));
    std::fflush(stdout);
}

[[noreturn]] void follow(looks& of, waiter& waits) {
    terminal screen;
    if (screen.keys() >= 0)
        waits.watch(screen.keys(), [&screen] {
            if (screen.wants_to_quit())
                throw client::stopped();
        });
    for (;;) {
        const auto due = waiter::clock::now() + every;
        do {
            screen.forget_resize();
            screen.draw(of.table(screen.size()));
        } while (waits.wait(screen.resized(), POLLIN, due));
        try {
            of.next();
        } catch (const connection_fault& fault) {
            of.failed(fault.what());
        }
    }
}

int show(const top_options& wanted) {
    const char* const kind = std::getenv("TERM");
    const bool on_terminal =
        isatty(STDOUT_FILENO) != 0 && (!kind || kind != std::string_view("dumb"));
    waiter waits(true);
    looks of(wanted, waits);
    try {
        try {
            of.next();
            if (wanted.once || !on_terminal) {
                print_once(of, waits);
                return 0;
            }
        } catch (const connection_fault& fault) {
            throw startup_error(fault.what());
        }
        follow(of, waits);
    } catch (const client::stopped&) {
        return 0;
    }
}

} // namespace

int top_command(std::span<const std::string> words) {
    top_options wanted;
    if (read_words(words, wanted))
        return show(wanted);
    fmt::print("{}", top_help());
    return 0;
}

} // namespace weir
