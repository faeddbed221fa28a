#include "sinks/output_file.hpp"

#include "sinks/half_record.hpp"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace {

// O_NONBLOCK, so that a pipe without a reader is an error instead of a wait; files don't mind.
constexpr int appending = O_WRONLY | O_APPEND | O_NONBLOCK | O_NOCTTY;

unique_fd standard_output() {
    if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY)
        throw startup_error("can't write '-': standard output is closed");
    return unique_fd(STDOUT_FILENO, false);
}

unique_fd open_or_create(const std::string& path, const file_mode& mode) {
    const int existing = open(path.c_str(), appending | O_CLOEXEC);
    if (existing >= 0)
        return unique_fd(existing);
    if (errno == ENXIO && std::filesystem::is_fifo(path))
        throw startup_error("can't open '" + path +
                            "': nobody reads the pipe; start its reader first");
    if (errno != ENOENT)
        check(-1, "opening " + path);
    unique_fd created = open_file(path, appending | O_CREAT, mode.bits);
    if (mode.exact)
        check(fchmod(created.get(), mode.bits), "setting the mode of " + path);
    return created;
}

wall_time modified(const struct stat& status) {
    return wall_time(std::chrono::seconds(status.st_mtim.tv_sec) +
                     std::chrono::milliseconds(status.st_mtim.tv_nsec / 1'000'000));
}

} // namespace

output_file::output_file(const std::string& path, const file_mode& mode, framing kind)
    : file_(path == "-" ? standard_output() : open_or_create(path, mode)), began_(wall_now()) {
    struct stat status {};
    check(fstat(file_.get(), &status), "opening " + path);
    ours_ = path != "-";
    regular_ = S_ISREG(status.st_mode);
    if (!rotatable())
        return;
    if (flock(file_.get(), LOCK_EX | LOCK_NB) == -1 && errno == EWOULDBLOCK)
        throw startup_error("'" + path + "' is being written already, by this weir or another");
    size_ = mend_half_record(path, file_.get(), kind);
    if (size_ > 0)
        began_ = modified(status);
}

std::size_t output_file::write(std::span<const iovec> parts, std::error_code& fault) {
    ssize_t put = 0;
    if (regular_) {
        put = writev(file_.get(), parts.data(),
                     static_cast<int>(std::min<std::size_t>(parts.size(), IOV_MAX)));
    } else {
        // Standard output is shared with others, so it stays blocking. What is writable takes at
        // least PIPE_BUF bytes without blocking.
        pollfd writable{file_.get(), POLLOUT, 0};
        if (poll(&writable, 1, 100) == 0) {
            fault = std::make_error_code(std::errc::resource_unavailable_try_again);
            return 0;
        }
        put = ::write(file_.get(), parts[0].iov_base,
                      std::min<std::size_t>(parts[0].iov_len, PIPE_BUF));
    }
    if (put == -1) {
        fault = {errno, std::generic_category()};
        return 0;
    }
    if (size_ == 0)
        began_ = wall_now();
    fault = {};
    size_ += static_cast<std::uint64_t>(put);
    return static_cast<std::size_t>(put);
}

void output_file::sync(std::error_code& fault) {
    fault = {};
    if (regular_ && fdatasync(file_.get()) == -1)
        fault = {errno, std::generic_category()};
}

bool output_file::cut(std::uint64_t bytes) {
    if (bytes == 0)
        return true;
    struct stat status {}; // not size_: somebody may have truncated the file
    if (!rotatable() || fstat(file_.get(), &status) == -1 ||
        status.st_size < static_cast<off_t>(bytes) ||
        ftruncate(file_.get(), status.st_size - static_cast<off_t>(bytes)) == -1)
        return false;
    size_ -= bytes;
    return true;
}

bool output_file::is_still(const std::string& path) const {
    struct stat ours {};
    struct stat there {};
    return fstat(file_.get(), &ours) == 0 && stat(path.c_str(), &there) == 0 &&
           ours.st_dev == there.st_dev && ours.st_ino == there.st_ino;
}

output_file open_output(const std::string& path, const file_mode& mode, framing kind) {
    try {
        return {path, mode, kind};
    } catch (const std::system_error& fault) {
        std::string text = "can't open '" + path + "': " + fault.code().message();
        const std::filesystem::path folder = std::filesystem::path(path).parent_path();
        if (fault.code() == std::errc::no_such_file_or_directory && !folder.empty())
            text += ": make the folder '" + folder.string() + "' first";
        throw startup_error(text);
    }
}

} // namespace weir
