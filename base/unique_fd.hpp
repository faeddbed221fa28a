// A file descriptor that closes itself, and system calls that throw std::system_error with what was
// being done.
#pragma once

#include <string>
#include <string_view>
#include <sys/types.h>
#include <utility>

namespace weir {

class unique_fd {
public:
    unique_fd() = default;
    explicit unique_fd(int descriptor, bool owned = true)
        : descriptor_(descriptor), owned_(owned) {}
    unique_fd(unique_fd&& other) noexcept
        : descriptor_(std::exchange(other.descriptor_, -1)), owned_(other.owned_) {}
    unique_fd& operator=(unique_fd other) noexcept {
        std::swap(descriptor_, other.descriptor_);
        std::swap(owned_, other.owned_);
        return *this;
    }
    ~unique_fd();

    int get() const { return descriptor_; }
    explicit operator bool() const { return descriptor_ >= 0; }

private:
    int descriptor_ = -1;
    bool owned_ = true;
};

void check(int result, const std::string& what); // throws where a call returned -1

unique_fd open_file(const std::string& path, int flags, mode_t mode = 0); // close-on-exec
std::size_t read_some(const unique_fd& from, char* to, std::size_t size); // 0: the end
void write_all(const unique_fd& to, std::string_view bytes);

} // namespace weir
