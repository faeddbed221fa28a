// What `weir --help` prints: every flag, and what each takes behind its commas, from the
// declarations.
#pragma once

#include <string>

namespace weir {

std::string help_text();

} // namespace weir
