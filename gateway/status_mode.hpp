// Whether a line of progress is drawn on stderr.
#pragma once

#include <array>
#include <string_view>
#include <utility>

namespace weir {

enum class status_mode { on, off, automatic };
constexpr std::array<std::pair<std::string_view, status_mode>, 3> choices(status_mode) {
    return {{{"on", status_mode::on}, {"off", status_mode::off}, {"auto", status_mode::automatic}}};
}

} // namespace weir
