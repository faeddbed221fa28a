// The file for messages that could not be delivered: newline records, appended. Its own failures
// are logged; the messages are lost either way, and counted so by the sink. Blocking, one thread.
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
    std::string path_;
    output_file file_;
    log_limit failures_{"post"};
};

} // namespace weir
