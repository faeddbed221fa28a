#include "gateway/commands/commands.hpp"
#include "gateway/commands/reloader.hpp"
#include "gateway/descriptor_limit.hpp"
#include "gateway/effective.hpp"
#include "gateway/gateway.hpp"
#include "gateway/help.hpp"
#include "gateway/loss_watch.hpp"
#include "gateway/namesakes.hpp"
#include "gateway/pid_file.hpp"
#include "gateway/status_line.hpp"

#include <csignal>
#include <cstdio>
#include <fmt/format.h>
#include <optional>
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

void warn_of_namesakes(const settings& of) {
    for (const std::string& line : namesakes(of))
        spdlog::warn("{}", line);
}

// Until SIGINT or SIGTERM. A second SIGHUP while it reloads is another reload, after that.
void watch(gateway& runs, std::span<const std::string> words, bool has_file,
           const signals& arriving, bool show_status) {
    status_line line(runs.books());
    bool again = false;
    bool to_end = false;
    reloader reloads(runs, words, [&] {
        const int got = arriving.wait(std::chrono::milliseconds(0));
        again = again || got == SIGHUP;
        to_end = to_end || got == SIGINT || got == SIGTERM;
        return to_end;
    });
    loss_watch losses(runs.books());
    while (!to_end) {
        for (const loss_watch::line& each : losses.lines(std::chrono::steady_clock::now()))
            component_log(each.component).warn("{}", each.text);
        if (show_status)
            fmt::print(stderr, "\r\033[K{}", line.text(std::chrono::steady_clock::now()));
        const int got = again ? 0 : arriving.wait(std::chrono::seconds(1));
        if (got == SIGHUP) {
            spdlog::info("SIGHUP: reopening files{}",
                         has_file ? "" : "; there is no --config to read again");
            runs.reopen_files();
        }
        if (has_file && (got == SIGHUP || again)) {
            again = false;
            reloads.reload();
        } else if (got == 0) {
            reloads.try_again();
        } else if (got != SIGHUP) {
            break;
        }
    }
    if (show_status)
        fmt::print(stderr, "\r\033[K");
}

int run(const settings& wanted, std::span<const std::string> words) {
    const bool on_terminal = isatty(STDERR_FILENO) != 0 && wanted.run.format == log_format::text;
    const bool show_status = wanted.run.status == status_mode::on ||
                             (wanted.run.status == status_mode::automatic && on_terminal);
    start_logging(wanted.run.levels, wanted.run.format, show_status);
    raise_descriptor_limit();
    const signals arriving;

    warn_of_namesakes(wanted);
    gateway runs(wanted);
    runs.open();
    std::optional<pid_file> pid(wanted.run.pid_file);
    runs.start();
    if (on_terminal)
        fmt::print(stderr, "weir {}\n", WEIR_VERSION);
    say(runs.introduction(), on_terminal);
    watch(runs, words, !wanted.call.config.empty(), arriving, show_status);

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
        pid.reset();
        _exit(status);
    }
    return status;
}

// What is not a run: help, version and a wrong word. False: there is a run to make of it.
bool answered(std::span<const std::string> words, settings& wanted) {
    switch (read_command_line(words, wanted)) {
    case command_line_wish::help:
        fmt::print("{}", help_text());
        return true;
    case command_line_wish::version:
        fmt::print("weir {}\n", WEIR_VERSION);
        return true;
    case command_line_wish::run:
        break;
    }
    return false;
}

} // namespace

int run_command(std::span<const std::string> words) {
    settings wanted;
    if (answered(words, wanted))
        return 0;
    if (wanted.call.check) {
        const gateway made(wanted); // what is wrong between options is told here, too
        fmt::print("{}", effective_flags(wanted));
        return 0;
    }
    return run(wanted, words);
}

int check_command(std::span<const std::string> words) {
    settings wanted;
    if (answered(words, wanted))
        return 0;
    const gateway made(wanted);
    fmt::print("{}", effective_toml(wanted));
    return 0;
}

} // namespace weir
