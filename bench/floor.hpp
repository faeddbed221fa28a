// What the floors share: how each starts, is told to end, and reports. A floor is the smallest
// program that takes one road, with plain system calls and one thread: what the kernel allows.
//
// Each binds to loopback, prints `listening on PORT` when ready, and on SIGTERM takes what is left
// in its sockets, prints one line of JSON and ends with 0.
#pragma once

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <initializer_list>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

inline volatile std::sig_atomic_t stopped = 0;

// Every wait ends after this long, so that a signal just before it is seen.
constexpr int longest_wait_ms = 100;

[[noreturn]] inline void fail(const char* what) {
    std::fprintf(stderr, "%s: %s: %s\n", program_invocation_short_name, what, std::strerror(errno));
    std::exit(1);
}

[[noreturn]] inline void usage(const char* arguments) {
    std::fprintf(stderr, "usage: %s %s\n", program_invocation_short_name, arguments);
    std::exit(2);
}

template <class Result>
Result check(Result result, const char* what) {
    if (result < 0)
        fail(what);
    return result;
}

inline void set_option(int socket, int level, int option, int value, const char* name) {
    check(setsockopt(socket, level, option, &value, sizeof value), name);
}

// On loopback; port 0 picks one.
inline int bound_socket(int type, const char* port) {
    const int bound = check(socket(AF_INET, type | SOCK_CLOEXEC, 0), "socket");
    set_option(bound, SOL_SOCKET, SO_REUSEADDR, 1, "SO_REUSEADDR");
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    here.sin_port = htons(static_cast<std::uint16_t>(std::atoi(port)));
    check(bind(bound, reinterpret_cast<sockaddr*>(&here), sizeof here), "bind");
    return bound;
}

inline int listening_socket(const char* port, int flags = 0) {
    const int bound = bound_socket(SOCK_STREAM | flags, port);
    check(listen(bound, 4096), "listen");
    return bound;
}

inline int output_file(const char* path) {
    return check(open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666), path);
}

inline void announce(int bound) {
    struct sigaction on_term {};
    on_term.sa_handler = [](int) { stopped = 1; };
    check(sigaction(SIGTERM, &on_term, nullptr), "sigaction");
    sockaddr_in here{};
    socklen_t size = sizeof here;
    check(getsockname(bound, reinterpret_cast<sockaddr*>(&here), &size), "getsockname");
    std::printf("listening on %d\n", ntohs(here.sin_port));
    std::fflush(stdout);
}

inline void write_all(int to, const char* data, std::size_t size) {
    while (size > 0) {
        const ssize_t written = write(to, data, size);
        if (written < 0 && errno == EINTR)
            continue;
        data += check(written, "write");
        size -= static_cast<std::size_t>(written);
    }
}

inline void report(std::initializer_list<std::pair<const char*, std::uint64_t>> counts) {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    std::printf("{");
    for (const auto& [name, count] : counts)
        std::printf("\"%s\":%llu,", name, static_cast<unsigned long long>(count));
    std::printf("\"cpu_seconds\":%.6f}\n", seconds(used.ru_utime) + seconds(used.ru_stime));
}
