#include "listeners/socket_file.hpp"

#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

namespace weir {

namespace {

std::pair<dev_t, ino_t> identity_of(const std::string& path) {
    struct stat file {};
    if (path.empty() || ::lstat(path.c_str(), &file) != 0)
        return {};
    return {file.st_dev, file.st_ino};
}

} // namespace

socket_file::socket_file(std::string path)
    : path_(std::move(path)), identity_(identity_of(path_)) {}

socket_file::~socket_file() {
    if (identity_.second != 0 && identity_ == identity_of(path_))
        ::unlink(path_.c_str());
}

bool is_stale_socket(const std::string& path) {
    struct stat file {};
    if (::lstat(path.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode))
        return false;
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (probe < 0)
        return false;
    const boost::asio::local::stream_protocol::endpoint where(path);
    const int connected = ::connect(probe, where.data(), static_cast<socklen_t>(where.size()));
    const bool refused = connected != 0 && errno == ECONNREFUSED;
    ::close(probe);
    return refused;
}

} // namespace weir
