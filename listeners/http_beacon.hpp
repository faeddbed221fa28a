// What an HTTP port does with a beacon (wire/beacon.hpp): its event out of a request's head, and
// the browsers it can tell.
#pragma once

#include "queues/batch.hpp"
#include "wire/http_head.hpp"
#include "wire/known_browsers.hpp"

#include <memory>
#include <string>

namespace weir {

// Any thread. The head's path is one that parse_beacon_path takes.
batch_ptr beacon_batch(const http_head& head, known_browsers& browsers, const batch_origin& origin);

// Reads uap-core's regexes.yaml; at start-up only, for it takes a moment. Throws startup_error.
std::shared_ptr<known_browsers> load_browsers(const std::string& path);

} // namespace weir
