// The file a sink appends to: a regular file, a pipe or device, or standard output. One thread.
// Opening throws std::system_error or startup_error; afterwards errors are values, for a full disk
// is no surprise.
#pragma once

#include "base/unique_fd.hpp"
#include "sinks/file_options.hpp"
#include "sinks/wall_time.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <sys/uio.h>
#include <system_error>

namespace weir {

class output_file {
public:
    output_file() = default;
    // Creates it where it is missing, locks it against a second writer, mends its end.
    output_file(const std::string& path, const file_mode& mode, framing kind);

    // One system call; how many bytes were taken. Pipes and terminals are waited for, but not for
    // long: `resource_unavailable_try_again` then.
    std::size_t write(std::span<const iovec> parts, std::error_code& fault);
    void sync(std::error_code& fault); // the content onto the disk; nothing to do for pipes
    bool cut(std::uint64_t bytes);     // the last ones; false where it can't
    bool is_still(const std::string& path) const; // false where it was moved away

    bool rotatable() const { return regular_ && ours_; }
    std::uint64_t size() const { return size_; }
    wall_time began() const { return began_; } // of the content, as far as rotation goes

private:
    unique_fd file_;
    bool ours_ = false;    // opened here: not standard output
    bool regular_ = false; // takes everything at once
    std::uint64_t size_ = 0;
    wall_time began_{};
};

// Opens it at start-up, where every fault is a startup_error of one line.
output_file open_output(const std::string& path, const file_mode& mode, framing kind);

} // namespace weir
