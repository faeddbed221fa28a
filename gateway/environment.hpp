// What flags take from the environment: WEIR_UDP for --udp, WEIR_QUEUE_BYTES for --queue-bytes,
// with ';' between several of a kind. Read while starting and reloading, on the main thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir {

std::string environment_name(std::string_view flag);

// The texts that are there for a flag; none where the variable is missing or empty.
std::vector<std::string> from_environment(std::string_view flag);

// "${NAME}" becomes what NAME is in the environment, and "$${" becomes "${". Throws usage_error
// where NAME is not set, or the brace is not closed.
std::string with_environment(std::string_view text);

} // namespace weir
