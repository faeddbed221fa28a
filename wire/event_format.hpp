// How a payload is written where a stream is told: as it came, or as MessagePack
// (wire/msgpack.hpp).
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace weir {

enum class event_format { json, msgpack };
constexpr std::array<std::pair<std::string_view, event_format>, 2> choices(event_format) {
    return {{{"json", event_format::json}, {"msgpack", event_format::msgpack}}};
}

} // namespace weir
