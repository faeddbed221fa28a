// What `weir WORD` can be. Each takes the words behind its own and gives the exit status; a
// usage_error or startup_error that leaves it is main's to print.
#pragma once

#include "base/options.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace weir {

struct command {
    std::string_view name;
    std::string_view words; // behind the name
    std::string_view summary;
    int (*run)(std::span<const std::string>);
    // Calls back with its flags and their defaults. Null where it has none, or those of a run.
    void (*describe)(const std::function<void(const option_set&)>&) = nullptr;
};
std::span<const command> commands();

int run_command(std::span<const std::string> words);
int check_command(std::span<const std::string> words);
int reload_command(std::span<const std::string> words);
int bench_command(std::span<const std::string> words);
int tail_command(std::span<const std::string> words);
int send_command(std::span<const std::string> words);
int docs_command(std::span<const std::string> words);
int man_command(std::span<const std::string> words);
int completion_command(std::span<const std::string> words);
int top_command(std::span<const std::string> words);

} // namespace weir
