// Reads again what a run was told, makes the gateway become that, and tries again for what could
// not be had: a port or a file that was in use or in the way. Until all of that runs, or something
// else is told, it is tried again by itself, less and less often.
//
// On the main thread, like the gateway.
#pragma once

#include "gateway/gateway.hpp"
#include "sinks/backoff.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace weir {

class reloader {
public:
    // `hurry` ends a wait for what drains.
    reloader(gateway& of, std::span<const std::string> words, std::function<bool()> hurry)
        : of_(of), words_(words), hurry_(std::move(hurry)) {}

    void reload();    // what is wrong changes nothing, and is logged
    void try_again(); // for what is missing, where it is time to

private:
    using clock = std::chrono::steady_clock;

    gateway& of_;
    std::span<const std::string> words_;
    std::function<bool()> hurry_;
    std::optional<settings> missing_; // what was told last, where not all of it runs
    backoff waits_{std::chrono::seconds(1), std::chrono::seconds(60)};
    clock::time_point next_{};
};

} // namespace weir
