#include "gateway/heirs.hpp"

namespace weir {

std::vector<std::size_t> heirs(std::span<const sink_place> gone,
                               std::span<const sink_place> fresh) {
    std::vector<std::size_t> found(gone.size(), no_heir);
    std::vector<bool> taken(fresh.size());
    const auto match = [&](std::string sink_place::*by) {
        for (std::size_t i = 0; i < gone.size(); ++i)
            for (std::size_t j = 0; j < fresh.size() && found[i] == no_heir; ++j)
                if (!taken[j] && gone[i].flag == fresh[j].flag && !gone[i].shown.empty() &&
                    gone[i].*by == fresh[j].*by) {
                    found[i] = j;
                    taken[j] = true;
                }
    };
    match(&sink_place::target);
    match(&sink_place::shown);
    return found;
}

} // namespace weir
