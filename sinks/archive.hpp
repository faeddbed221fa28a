// What becomes of rotated files: compressed, and removed when there are more than are to be kept.
#pragma once

#include "sinks/compress.hpp"

#include <atomic>
#include <string>

namespace weir {

// Brings the files rotated away from `path` in order: removes what a killed run left unfinished and
// all beyond the `keep` newest (0: keeps all), compresses what is not compressed, the oldest first.
// Looks at the disk alone, so it also finishes what an earlier run began. Blocking, for a worker's
// thread; gives up soon when `stop` is set. Throws std::system_error.
void tidy_rotated(const std::string& path, unsigned keep, compression kind,
                  const std::atomic<bool>& stop);

} // namespace weir
