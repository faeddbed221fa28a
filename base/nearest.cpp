#include "base/nearest.hpp"

#include <algorithm>
#include <vector>

namespace weir {

namespace {

char small(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t above = row[j];
            const std::size_t changed = diagonal + (small(a[i - 1]) == small(b[j - 1]) ? 0 : 1);
            row[j] = std::min({above + 1, row[j - 1] + 1, changed});
            diagonal = above;
        }
    }
    return row[b.size()];
}

} // namespace

std::string_view nearest(std::string_view word, std::span<const std::string_view> candidates) {
    constexpr std::size_t longest = 100; // more is no mistyped name
    if (word.size() > longest)
        return {};
    std::string_view best;
    std::size_t best_distance = std::max<std::size_t>(2, word.size() / 2) + 1;
    best_distance = std::min(best_distance, std::max<std::size_t>(2, word.size())); // not all of it
    for (std::string_view candidate : candidates) {
        const std::size_t at = word.size() >= 2 ? candidate.find(word) : candidate.npos;
        const bool part = at == 0 || (at != candidate.npos && word.size() >= 3);
        const std::size_t distance = part ? 1 : edit_distance(word, candidate);
        if (distance < best_distance) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

std::string did_you_mean(std::string_view word, std::span<const std::string_view> candidates) {
    const std::string_view found = nearest(word, candidates);
    return found.empty() ? std::string() : ", did you mean '" + std::string(found) + "'?";
}

} // namespace weir
