#include "gateway/send/line_source.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

namespace weir::send {

namespace {

constexpr std::size_t a_read = 256u << 10;

} // namespace

line_block line_block::take(std::size_t most) {
    line_block taken = *this;
    if (most < lines) {
        std::size_t end = 0;
        for (std::size_t i = 0; i < most; ++i)
            end = bytes.find('\n', end) + 1;
        taken = {bytes.substr(0, end), most};
    }
    bytes.remove_prefix(taken.bytes.size());
    lines -= taken.lines;
    return taken;
}

line_source::line_source(std::vector<std::string> files, client::waiter& waits)
    : files_(std::move(files)), waits_(waits), buffer_(a_read + 1, '\0') {
    if (files_.empty())
        files_.emplace_back("-");
    std::ranges::reverse(files_);
    open_next(); // what can't be opened is told before anything is sent
}

bool line_source::open_next() {
    if (files_.empty())
        return false;
    name_ = files_.back();
    files_.pop_back();
    if (name_ == "-") {
        open_ = unique_fd(STDIN_FILENO, false);
        return true;
    }
    open_ = unique_fd(::open(name_.c_str(), O_RDONLY | O_CLOEXEC));
    if (!open_)
        throw startup_error(fmt::format("{}: {}", name_, std::strerror(errno)));
    return true;
}

line_block line_source::next() {
    while (!stopped_ && (open_ || open_next())) {
        std::memmove(buffer_.data(), buffer_.data() + next_tail_at_, tail_);
        next_tail_at_ = 0;
        if (buffer_.size() < tail_ + a_read + 1) // and a byte for finish()
            buffer_.resize(tail_ + a_read + 1);
        const std::size_t got = read(buffer_.data() + tail_, a_read);
        if (stopped_) // half a line is none
            return {};
        if (got == 0)
            open_ = unique_fd();
        const line_block found = take(got > 0 ? lines_.decode(buffer_.data(), tail_ + got, ends_)
                                              : lines_.finish(buffer_.data(), tail_, ends_));
        if (found.lines > 0)
            return found;
    }
    return {};
}

line_block line_source::take(const decoded& what) {
    too_long_ += what.refused;
    next_tail_at_ = what.tail;
    tail_ = what.tail_size;
    return {std::string_view(buffer_).substr(0, what.arena), what.messages};
}

// A file is always ready, what else there is may be waited for.
std::size_t line_source::read(char* to, std::size_t size) {
    try {
        for (;;) {
            waits_.wait(open_.get(), POLLIN, client::waiter::clock::time_point::max());
            const ssize_t got = ::read(open_.get(), to, size);
            if (got >= 0)
                return static_cast<std::size_t>(got);
            if (errno != EINTR && errno != EAGAIN)
                throw startup_error(fmt::format("{}: {}", name_, std::strerror(errno)));
        }
    } catch (const client::stopped&) {
        stopped_ = true;
        return 0;
    }
}

} // namespace weir::send
