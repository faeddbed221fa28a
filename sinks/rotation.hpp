// When a file is rotated, what rotated files are called, and which of them stay. No state, no clock
// of its own.
//
// events.ndjson becomes events.20261120T184501.123Z.ndjson: the UTC time at which it was closed, so
// the names sort. A stamp is always later than every one that is there already, even where two
// files end in one millisecond or the clock was set back.
#pragma once

#include "base/units.hpp"
#include "sinks/wall_time.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

struct rotation_rule {
    std::uint64_t size = 0; // 0: not by size
    duration every{0};      // 0: not by time; else at its full multiples since 1970, UTC

    std::uint64_t room(std::uint64_t size_now) const; // until it is due by size
    // By time, for a file of this size whose content began at `began`. Never for an empty one.
    bool due(std::uint64_t size_now, wall_time began, wall_time now) const;
    std::optional<wall_time> next(wall_time began) const; // when that will be
};

struct rotated_file {
    std::string path;
    wall_time stamp;
    bool compressed = false;
    bool unfinished = false; // a compression that was killed
};

// The files that were rotated away from `path`, oldest first.
std::vector<rotated_file> list_rotated(const std::string& path);

// What `path` is to be called now.
std::string rotated_name(const std::string& path, wall_time now,
                         const std::vector<rotated_file>& existing);

// The parts of the two above that look at no disk.
std::string name_with_stamp(const std::string& path, wall_time stamp);
std::optional<rotated_file> as_rotated(const std::string& path, const std::string& candidate);

// All but the `keep` newest; none where `keep` is 0. `existing` is oldest first.
std::vector<rotated_file> beyond(unsigned keep, const std::vector<rotated_file>& existing);

} // namespace weir
