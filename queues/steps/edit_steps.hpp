// Steps that edit events which are JSON objects, and leave all others as they are
// (wire/json_edit.hpp does the work). The texts are the values of one option, in order; all throw
// usage_error.
#pragma once

#include "queues/steps/step.hpp"

#include <memory>
#include <string>
#include <vector>

namespace weir {

using step_texts = std::vector<std::string>;

std::unique_ptr<step> make_add_step(const step_texts& texts);  // NAME=TEXT or NAME:=JSON
std::unique_ptr<step> make_pick_step(const step_texts& texts); // paths: only these members
std::unique_ptr<step> make_drop_step(const step_texts& texts); // paths: without these members

} // namespace weir
