// The file for messages that could not be delivered: newline records, appended. Its own failures
// are logged; the messages are lost either way, and counted so by the sink. A file that was moved
// away, as by logrotate, is followed by a new one at the next append. Blocking, one thread.
#pragma once

#include "base/log.hpp"
#include "sinks/output_file.hpp"
#include "sinks/post_request.hpp"

#include <string>

namespace weir {

class dead_letter_file {
public:
    explicit dead_letter_file(std::string path) : path_(std::move(path)) {}

    void open(); // throws startup_error
    void append(const post_request& request);

private:
    void follow_path(); // where somebody has moved the file away

    std::string path_;
    output_file file_;
    log_limit failures_{"post"};
};

} // namespace weir
