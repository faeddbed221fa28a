// What the program ends with before it has begun. Everything after start-up is counted, not thrown.
#pragma once

#include <stdexcept>
#include <string>

namespace weir {

// A wrong command line, address, size or option: exit status 2 and this one line.
struct usage_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

// A port in use, a file that can't be opened: exit status 1 and this one line.
struct startup_error : std::runtime_error {
    using std::runtime_error::runtime_error;
};

} // namespace weir
