// A small file whole: of configuration, or with a secret in it. Blocks; main thread.
#pragma once

#include <string>

namespace weir {

std::string read_text_file(const std::string& path); // throws usage_error; 16 MiB at most

} // namespace weir
