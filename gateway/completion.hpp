// What completes weir's words in a shell, from the same declarations as everything else: commands,
// flags, the options behind a component's first comma, and files.
#pragma once

#include <string>

namespace weir {

std::string bash_completion(); // to be sourced: source <(weir completion bash)
std::string zsh_completion();  // a file _weir on the fpath
std::string fish_completion(); // weir completion fish | source

} // namespace weir
