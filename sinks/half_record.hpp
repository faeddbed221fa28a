// What to do about a file whose last record was only half written when weir, or the machine, was
// killed: a half line is closed with a newline; a half counted record is cut off.
#pragma once

#include "wire/framing.hpp"

#include <cstdint>
#include <string>

namespace weir {

// Mends the regular file `path`, opened for writing as `descriptor`, so that a record can be
// appended; gives its size then. Throws std::system_error, and startup_error where a counted file
// holds something else than records, which is not weir's to cut.
std::uint64_t mend_half_record(const std::string& path, int descriptor, framing kind);

} // namespace weir
