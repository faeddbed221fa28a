// Steps that let a part of the events pass: a steady sample of them, or so many a second. All throw
// usage_error.
#pragma once

#include "queues/steps/step.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string_view>

namespace weir {

// K/N or K/N:PATH. By a hash of the event as it was received, or of the member at the path (of a
// string what it says), so that what is in on one machine is in on all, now and later. Who is in
// K/N is also in every larger sample.
std::unique_ptr<step> make_sample_step(std::string_view text);

// FNV-1a, 64 bits, and the finaliser of MurmurHash3 over it: FNV alone mixes the last bytes into
// the high bits too little.
std::uint64_t steady_hash(std::string_view bytes);

// N/s, N/m or N/h.
std::unique_ptr<step> make_rate_step(std::string_view text);

// Holds at most `most` and gets `most` in each `per`, steadily; full in the beginning.
class token_bucket {
public:
    using clock = std::chrono::steady_clock;

    token_bucket(std::uint64_t most, clock::duration per)
        : most_(static_cast<double>(most)), per_(per), tokens_(most_) {}

    void refill(clock::time_point now); // never backwards
    bool take();

private:
    const double most_;
    const clock::duration per_;
    double tokens_;
    clock::time_point last_{};
};

} // namespace weir
