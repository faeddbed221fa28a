#include "gateway/namesakes.hpp"

#include <fmt/format.h>

namespace weir {

namespace {

template <class Spec>
void look(const std::vector<Spec>& specs, std::vector<std::string>& found) {
    for (std::size_t i = 0; i < specs.size(); ++i)
        for (std::size_t j = i + 1; j < specs.size(); ++j) {
            const Spec& one = specs[i];
            const Spec& other = specs[j];
            if (one.flag != other.flag || one.called.empty() || one.called != other.called)
                continue;
            if (!one.name.empty() || !other.name.empty())
                throw usage_error(fmt::format("{}: another --{} is called {}, too",
                                              other.from.origin, other.flag, other.called));
            found.push_back(fmt::format("two --{} are called {}, and counted together; name= "
                                        "tells them apart",
                                        other.flag, other.called));
            break; // the next is found from the next
        }
}

} // namespace

std::vector<std::string> namesakes(const settings& of) {
    std::vector<std::string> found;
    look(of.listeners, found);
    look(of.sinks, found);
    return found;
}

} // namespace weir
