#include "base/unique_fd.hpp"

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace weir {

unique_fd::~unique_fd() {
    if (descriptor_ >= 0 && owned_)
        close(descriptor_);
}

void check(int result, const std::string& what) {
    if (result == -1)
        throw std::system_error(errno, std::generic_category(), what);
}

unique_fd open_file(const std::string& path, int flags, mode_t mode) {
    const int descriptor = open(path.c_str(), flags | O_CLOEXEC, mode);
    check(descriptor, "opening " + path);
    return unique_fd(descriptor);
}

std::size_t read_some(const unique_fd& from, char* to, std::size_t size) {
    ssize_t got = 0;
    do
        got = read(from.get(), to, size);
    while (got == -1 && errno == EINTR);
    check(static_cast<int>(got == -1 ? -1 : 0), "reading");
    return static_cast<std::size_t>(got);
}

void write_all(const unique_fd& to, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t put = write(to.get(), bytes.data(), bytes.size());
        if (put == -1 && errno == EINTR)
            continue;
        check(put == -1 ? -1 : 0, "writing");
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

} // namespace weir
