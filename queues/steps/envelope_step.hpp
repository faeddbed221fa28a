// The step that puts an event into an envelope with what weir knows of it
// (queues/event_envelope.hpp).
#pragma once

#include "queues/steps/step.hpp"

#include <memory>

namespace weir {

std::unique_ptr<step> make_envelope_step();

} // namespace weir
