// Counters as MULTI … EXEC, so that after a broken connection it can be told whether they were
// counted, and none is ever counted twice.
//
// Each transaction has a number and writes it into a key of this sink alone, the marker. The
// connection WATCHes the marker before it looks at it, and again in the same write as every EXEC:
// so a transaction that got stuck on a dead connection and reaches Redis only after a later one
// is aborted by Redis itself. Pure: commands out, replies in.
#pragma once

#include "sinks/tally.hpp"
#include "wire/resp.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct redis_transaction {
    std::string commands; // MULTI, the counters, the marker, EXEC, WATCH
    std::size_t replies = 0;
    std::vector<std::uint64_t> counts; // what each command in it counts

    enum class verdict {
        applied,
        aborted, // the marker is not what it was: look at it again
        refused  // nothing was counted, and may be when it is tried again
    };
    verdict judge(const std::vector<resp_value>& got) const;

    // Of an applied one: what single counters refused, for they are no hashes or no numbers.
    std::uint64_t refused_counts(const std::vector<resp_value>& got) const;
    // The first error among the replies, or empty.
    static std::string first_error(const std::vector<resp_value>& got);
};

class redis_marker {
public:
    explicit redis_marker(std::string key) : key_(std::move(key)) {}

    // To be asked over a fresh connection: whether transactions work there, and the last number.
    std::string look() const;
    static constexpr std::size_t look_replies = 4;
    static std::optional<std::uint64_t> last_applied(const std::vector<resp_value>& got);

    // Takes up to `most` counters off the front of `from`.
    redis_transaction transaction(counters& from, std::size_t most, std::uint64_t number,
                                  std::chrono::seconds expire) const;
    std::string forget() const; // one reply

private:
    std::string key_;
};

} // namespace weir
