// The test programs' operator new and delete, which count. For tests that show what allocates how
// often, and that everything is freed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace weir::test {

std::size_t allocations_here();  // by this thread, so far
std::int64_t live_allocations(); // by all threads: made and not yet freed

} // namespace weir::test
