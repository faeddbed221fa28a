// The file of a unix socket: removed when the last of those who share the socket has gone, unless
// it is somebody else's by then. Of a port of TCP it is no file, and tells only who shares it.
#pragma once

#include "base/executor.hpp"

#include <string>
#include <sys/types.h>
#include <utility>

namespace weir {

class socket_file {
public:
    socket_file() = default;
    explicit socket_file(std::string path); // just bound
    ~socket_file();
    socket_file(const socket_file&) = delete;
    socket_file& operator=(const socket_file&) = delete;

private:
    std::string path_;
    std::pair<dev_t, ino_t> identity_{};
};

// Whether a killed weir has left it behind: nobody listens there.
bool is_stale_socket(const std::string& path);

} // namespace weir
