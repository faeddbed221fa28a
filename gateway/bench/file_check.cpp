#include "gateway/bench/file_check.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

namespace weir::bench {

namespace {

constexpr std::size_t a_read = 1u << 20;

} // namespace

file_check::file_check(const send_options& o, std::chrono::milliseconds patience)
    : path_(o.verify), message_size_(o.size.bytes), patience_(patience),
      buffer_(a_read + message_size_ + 1, '\0') {
    struct stat status {};
    if (::stat(path_.c_str(), &status) == 0)
        place_ = static_cast<std::uint64_t>(status.st_size);
    else if (errno != ENOENT) // the receiver may be yet to make it
        throw startup_error(fmt::format("--verify {}: {}", path_, std::strerror(errno)));
}

sequence_verdict file_check::look_for(const std::vector<sent_from>& sent) {
    for (const sent_from& each : sent) {
        senders_.resize(std::max<std::size_t>(senders_.size(), each.from + 1));
        senders_[each.from].sent = each.messages;
    }
    auto grew = std::chrono::steady_clock::now();
    for (;;) {
        while (read_on())
            grew = std::chrono::steady_clock::now();
        sequence_verdict verdict;
        for (const sent_from& each : sent)
            verdict.add(senders_[each.from].numbers, each.messages - each.refused);
        if (verdict.missing == 0 || std::chrono::steady_clock::now() - grew > patience_)
            return verdict;
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

bool file_check::read_on() {
    if (!file_)
        file_ = unique_fd(::open(path_.c_str(), O_RDONLY | O_CLOEXEC));
    const ssize_t got =
        ::pread(file_.get(), buffer_.data() + half_, a_read, static_cast<off_t>(place_));
    if (got <= 0)
        return false;
    place_ += static_cast<std::uint64_t>(got);
    std::string_view rest(buffer_.data(), half_ + static_cast<std::size_t>(got));
    for (std::size_t end = rest.find('\n'); end != rest.npos; end = rest.find('\n')) {
        take(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    half_ = std::min(rest.size(), message_size_ + 1); // what is longer is none of ours
    std::memmove(buffer_.data(), rest.data(), half_);
    return true;
}

void file_check::take(std::string_view line) {
    if (line.size() != message_size_)
        return;
    const auto stamped = read_stamp(line, line.size());
    if (stamped && stamped->from < senders_.size() &&
        stamped->number < senders_[stamped->from].sent)
        senders_[stamped->from].numbers.note(stamped->number);
}

} // namespace weir::bench
