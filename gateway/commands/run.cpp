#include "gateway/commands/commands.hpp"
#include "gateway/descriptor_limit.hpp"
#include "gateway/gateway.hpp"
#include "gateway/status_line.hpp"

#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <unistd.h>

namespace weir {

namespace {

// The signals a run answers, kept from every thread and taken one by one by this one.
class signals {
public:
    signals() {
        sigemptyset(&set_);
        for (int each : {SIGINT, SIGTERM, SIGHUP})
            sigaddset(&set_, each);
        pthread_sigmask(SIG_BLOCK, &set_, nullptr);
        std::signal(SIGPIPE, SIG_IGN);
        std::signal(SIGXFSZ, SIG_IGN); // a file at its limit is a failed write like another
    }

    // The next signal, or 0 after the time is over.
    int wait(std::chrono::milliseconds longest) const {
        const timespec time{longest.count() / 1000, (longest.count() % 1000) * 1'000'000};
        const int got = sigtimedwait(&set_, nullptr, &time);
        return got < 0 ? 0 : got;
    }

private:
    sigset_t set_{};
};

void say(const std::vector<std::string>& lines, bool on_terminal) {
    for (const std::string& line : lines)
        if (on_terminal)
            fmt::print(stderr, "  {}\n", line);
        else
            spdlog::info("{}", line);
}

// Until SIGINT or SIGTERM.
void watch(gateway& runs, const signals& arriving, bool show_status) {
    status_line line(runs.books());
    for (;;) {
        if (show_status)
            fmt::print(stderr, "\r\033[K{}", line.text(std::chrono::steady_clock::now()));
        const int got = arriving.wait(std::chrono::seconds(1));
        if (got == SIGHUP) {
            spdlog::info("SIGHUP: reopening files");
            runs.reopen_files();
        } else if (got != 0) {
            break;
        }
    }
    if (show_status)
        fmt::print(stderr, "\r\033[K");
}

int run(const settings& wanted) {
    const bool on_terminal = isatty(STDERR_FILENO) != 0 && wanted.run.format == log_format::text;
    const bool show_status = wanted.run.status == status_mode::on ||
                             (wanted.run.status == status_mode::automatic && on_terminal);
    start_logging(wanted.run.level, wanted.run.format, show_status);
    raise_descriptor_limit();
    const signals arriving;

    gateway runs(wanted);
    runs.open();
    runs.start();
    if (on_terminal)
        fmt::print(stderr, "weir {}\n", WEIR_VERSION);
    say(runs.introduction(), on_terminal);
    watch(runs, arriving, show_status);

    spdlog::info("stopping: draining for up to {}", to_string(wanted.run.drain_timeout));
    const bool ended = runs.stop([&arriving] {
        const int got = arriving.wait(std::chrono::milliseconds(0));
        return got == SIGINT || got == SIGTERM;
    });
    say(runs.books().closing_lines(), on_terminal);
    const int status = runs.lost_something() ? 3 : 0;
    if (!ended) {
        spdlog::error("something did not stop in time");
        std::fflush(nullptr);
        _exit(status);
    }
    return status;
}

} // namespace

int run_command(std::span<const std::string> words) {
    settings wanted;
    switch (read_command_line(words, wanted)) {
    case command_line_wish::help:
        fmt::print("{}", help_text());
        return 0;
    case command_line_wish::version:
        fmt::print("weir {}\n", WEIR_VERSION);
        return 0;
    case command_line_wish::run:
        break;
    }
    if (wanted.run.check) {
        const gateway made(wanted); // what is wrong between options is told here, too
        fmt::print("{}", check_text(wanted));
        return 0;
    }
    return run(wanted);
}

} // namespace weir
