// The lines of standard input or of files, one file after the other, as many at a time as came
// together. CR before LF is dropped, an empty line is none, the last line needs no LF. Main thread.
#pragma once

#include "base/unique_fd.hpp"
#include "gateway/client/waiter.hpp"
#include "wire/framing.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace weir::send {

// Lines, each with its LF.
struct line_block {
    std::string_view bytes;
    std::size_t lines = 0;

    line_block take(std::size_t most); // off the front
};

class line_source {
public:
    static constexpr std::size_t longest = std::size_t{16} << 20; // of a line, in bytes

    line_source(std::vector<std::string> files, client::waiter& waits);

    // The next lines, until the next call; none at the end of everything, or when it is stopped.
    // Throws startup_error where a file can't be read.
    line_block next();

    std::uint64_t too_long() const { return too_long_; } // lines that were skipped
    bool was_stopped() const { return stopped_; }

private:
    bool open_next();
    std::size_t read(char* to, std::size_t size);
    line_block take(const decoded& what);

    std::vector<std::string> files_; // to come, the next one last
    client::waiter& waits_;
    std::string name_; // of the open one
    unique_fd open_;
    framer lines_{framing::newline, longest};
    message_ends ends_; // stays empty: no line has a newline in it
    std::string buffer_;
    std::size_t tail_ = 0; // at the front of the buffer: a line that has come by half
    std::size_t next_tail_at_ = 0;
    std::uint64_t too_long_ = 0;
    bool stopped_ = false;
};

} // namespace weir::send
