// Times as weir writes them into events: 2026-11-25T13:24:40.123Z (RFC 3339, in UTC). Pure, usable
// from any thread.
#pragma once

#include <chrono>
#include <string>

namespace weir {

void append_utc_time(std::string& out, std::chrono::system_clock::time_point when);

} // namespace weir
