// The file that says which process a running weir is, and what `weir reload` makes of it. Main
// thread.
#pragma once

#include "base/options.hpp"

#include <string>
#include <string_view>
#include <sys/types.h>

namespace weir {

// Writes it, and removes it in the end where it is still its own. Nothing where the path is empty.
class pid_file {
public:
    explicit pid_file(std::string path); // throws startup_error
    ~pid_file();
    pid_file(const pid_file&) = delete;
    pid_file& operator=(const pid_file&) = delete;

private:
    std::string path_;
};

// Both throw startup_error where there is no running weir of that number.
pid_t read_pid_file(const std::string& path);
pid_t running_weir(std::string_view number);

struct reload_options {
    std::string pid_file;
};
inline void declare(option_set& set, reload_options& o) {
    set.add("pid-file", o.pid_file, "PATH", "the file that the running weir was told to write");
}

} // namespace weir
