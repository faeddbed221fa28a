// What `weir WORD` can be. Each takes the words behind its own and gives the exit status; a
// usage_error or startup_error that leaves it is main's to print.
#pragma once

#include <span>
#include <string>

namespace weir {

int run_command(std::span<const std::string> words);
int bench_command(std::span<const std::string> words);
int tail_command(std::span<const std::string> words);
int send_command(std::span<const std::string> words);

} // namespace weir
