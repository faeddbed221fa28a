#include "gateway/pid_file.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

namespace weir {

namespace {

std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

// 0 where the number is none, this process's own, or of something else by now.
pid_t other_weir(const std::string& number) {
    try {
        const pid_t running = running_weir(number);
        return running == getpid() ? 0 : running;
    } catch (const startup_error&) {
        return 0;
    }
}

} // namespace

pid_file::pid_file(std::string path) : path_(std::move(path)) {
    if (path_.empty())
        return;
    if (const pid_t other = other_weir(first_line(path_)); other != 0)
        throw startup_error(
            fmt::format("the pid file '{}' is that of the weir {}, which runs", path_, other));
    std::ofstream file(path_, std::ios::trunc);
    file << getpid() << '\n';
    if (!file.flush())
        throw startup_error(
            fmt::format("can't write the pid file '{}': {}", path_, std::strerror(errno)));
}

pid_file::~pid_file() {
    if (!path_.empty() && first_line(path_) == std::to_string(getpid()))
        ::unlink(path_.c_str());
}

pid_t read_pid_file(const std::string& path) {
    const std::string line = first_line(path);
    if (line.empty() && ::access(path.c_str(), R_OK) != 0)
        throw startup_error(fmt::format("can't read '{}': {}", path, std::strerror(errno)));
    if (line.empty())
        throw startup_error("there is no process id in '" + path + "'");
    return running_weir(line);
}

// Whoever has the number by now may be somebody else, whom the signal would end.
pid_t running_weir(std::string_view number) {
    std::uint64_t pid = 0;
    try {
        pid = parse_number(number);
    } catch (const usage_error&) {
    }
    if (pid == 0 || pid > 1u << 30)
        throw startup_error(fmt::format("'{}' is no process id", number));
    if (first_line(fmt::format("/proc/{}/comm", pid)) != "weir")
        throw startup_error(fmt::format("process {} is no running weir", pid));
    return static_cast<pid_t>(pid);
}

} // namespace weir
