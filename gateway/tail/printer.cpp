#include "gateway/tail/printer.hpp"

#include "base/error.hpp"
#include "wire/framing.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <poll.h>
#include <unistd.h>

namespace weir::tail {

void event_printer::put(std::string_view event) {
    if (full())
        return;
    append_framed(lines_, framing::newline, event);
    ++events_;
}

void event_printer::flush() {
    std::string_view rest = lines_;
    while (!rest.empty()) {
        // A pipe that is ready takes so much without blocking, and a signal is heard in between.
        waits_.wait(STDOUT_FILENO, POLLOUT, client::waiter::clock::time_point::max());
        const ssize_t went =
            ::write(STDOUT_FILENO, rest.data(), std::min<std::size_t>(rest.size(), PIPE_BUF));
        if (went < 0 && errno == EPIPE)
            throw client::stopped();
        if (went < 0 && errno != EINTR && errno != EAGAIN)
            throw startup_error(std::string("writing to stdout: ") + std::strerror(errno));
        rest.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(went, 0)));
    }
    lines_.clear();
}

} // namespace weir::tail
