#include "gateway/top/table.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace weir::top {

namespace {

constexpr std::size_t longest_name = 40;
constexpr std::size_t least_for_names = 24; // before columns go

std::string shortened(std::string_view name, std::size_t width) {
    if (name.size() <= width)
        return std::string(name);
    return std::string(name.substr(0, width > 0 ? width - 1 : 0)) + "~";
}

} // namespace

void table::add(std::string name, bool idle, std::vector<std::string> cells) {
    rows_.push_back({std::move(name), idle, std::move(cells)});
}

std::size_t table::widest_name() const {
    std::size_t width = title_.size();
    for (const row& each : rows_)
        width = std::max(width, each.name.size());
    return std::min(width, longest_name);
}

std::size_t table::fit(std::size_t columns, std::size_t names) {
    const std::size_t wanted = std::min(names, least_for_names);
    for (;;) {
        std::size_t taken = 0;
        std::size_t last = 0; // of those that are shown
        std::size_t shown = 0;
        for (std::size_t i = 0; i < columns_.size(); ++i) {
            if (!shown_[i])
                continue;
            taken += columns_[i].width + 1;
            if (shown++ == 0 || columns_[i].rank > columns_[last].rank)
                last = i;
        }
        if (shown <= 1 || taken + wanted <= columns)
            return columns - std::min(columns, taken);
        shown_[last] = false;
    }
}

std::string table::line(std::string_view name, std::size_t name_width,
                        const std::vector<std::string>& cells) const {
    std::string out = fmt::format("{:<{}}", shortened(name, name_width), name_width);
    for (std::size_t i = 0; i < columns_.size(); ++i)
        if (shown_[i])
            out += fmt::format(" {:>{}}", cells[i], columns_[i].width);
    return out;
}

void table::append_to(std::vector<std::string>& lines, std::size_t name_width,
                      std::size_t rows) const {
    std::vector<std::string> titles;
    for (const column& each : columns_)
        titles.emplace_back(each.title);
    lines.push_back(line(title_, name_width, titles));
    const std::size_t room =
        rows_.size() <= rows ? rows_.size() : std::max<std::size_t>(rows, 1) - 1;
    const auto busy = static_cast<std::size_t>(std::ranges::count(rows_, false, &row::idle));
    std::size_t room_for_busy = std::min(busy, room);
    std::size_t room_for_idle = room - room_for_busy;
    for (const row& each : rows_) {
        std::size_t& left = each.idle ? room_for_idle : room_for_busy;
        if (left == 0)
            continue;
        --left;
        lines.push_back(line(each.name, name_width, each.cells));
    }
    if (const std::size_t missing = rows_.size() - room; missing > 0)
        lines.push_back(fmt::format("... {} more", missing));
}

} // namespace weir::top
