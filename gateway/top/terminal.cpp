#include "gateway/top/terminal.hpp"

#include <cerrno>
#include <csignal>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

namespace weir::top {

namespace {

constexpr char quit_character = '\x1c'; // Ctrl-\, a signal else

volatile std::sig_atomic_t told_of_resize = -1;

void on_resize(int) {
    const int fault = errno;
    eventfd_write(told_of_resize, 1);
    errno = fault;
}

void handle_resize(void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    sigemptyset(&action.sa_mask);
    sigaction(SIGWINCH, &action, nullptr);
}

void print(std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
        if (written < 0 && errno != EINTR)
            return;
        text.remove_prefix(written > 0 ? static_cast<std::size_t>(written) : 0);
    }
}

} // namespace

terminal::terminal() : resized_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    told_of_resize = resized_.get();
    handle_resize(on_resize);
    has_keys_ = tcgetattr(STDIN_FILENO, &before_) == 0;
    if (has_keys_) {
        termios raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        // Or the shell would get the other screen.
        raw.c_cc[VSUSP] = _POSIX_VDISABLE;
        raw.c_cc[VQUIT] = _POSIX_VDISABLE;
        raw.c_cc[VMIN] = 0;
        raw.c_cc[VTIME] = 0;
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    print("\033[?1049h\033[?25l");
}

terminal::~terminal() {
    print("\033[?25h\033[?1049l");
    if (has_keys_)
        tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    handle_resize(SIG_DFL);
}

window terminal::size() const {
    winsize size{};
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0)
        return {80, 24};
    return {size.ws_col, size.ws_row};
}

void terminal::draw(const std::vector<std::string>& lines) {
    const auto [columns, rows] = size();
    std::string out = "\033[H";
    std::size_t row = 0;
    bool block_begins = true;
    for (const std::string& line : lines) {
        if (row == rows)
            break;
        // The last line has no line end behind it, or the screen would scroll.
        out += row++ == 0 ? "" : "\r\n";
        out += block_begins ? "\033[1m" : "";
        out += cut_to(line, columns) + "\033[0m\033[K";
        block_begins = line.empty();
    }
    print(out + "\033[J");
}

bool terminal::wants_to_quit() {
    char keys[64];
    const ssize_t count = ::read(STDIN_FILENO, keys, sizeof keys);
    if (count <= 0)
        return true; // the terminal is gone
    for (ssize_t i = 0; i < count; ++i)
        if (keys[i] == 'q' || keys[i] == 'Q' || keys[i] == quit_character)
            return true;
    return false;
}

void terminal::forget_resize() {
    eventfd_t ignored = 0;
    eventfd_read(resized_.get(), &ignored);
}

} // namespace weir::top
