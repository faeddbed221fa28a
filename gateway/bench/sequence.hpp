// Which numbers of one sender have come, each of which should come once and in order. Keeps one bit
// a number from the first one missing on, so in the normal case next to nothing. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <vector>

namespace weir::bench {

class sequence {
public:
    void note(std::uint64_t number);

    std::uint64_t found() const { return found_; } // each number once
    std::uint64_t duplicates() const { return duplicates_; }
    std::uint64_t out_of_order() const { return out_of_order_; } // came behind a higher one
    std::uint64_t end() const { return end_; }                   // behind the highest

private:
    static constexpr std::uint64_t word_bits = 64;

    std::uint64_t found_ = 0;
    std::uint64_t duplicates_ = 0;
    std::uint64_t out_of_order_ = 0;
    std::uint64_t end_ = 0;
    std::uint64_t settled_ = 0;       // words: every number in those before has come
    std::deque<std::uint64_t> words_; // a bit each for the numbers behind them
};

// What a check of many messages by sender and number came to.
struct sequence_verdict {
    std::uint64_t expected = 0;
    std::uint64_t found = 0;
    std::uint64_t missing = 0;
    std::uint64_t duplicates = 0;
    std::uint64_t out_of_order = 0;

    void add(const sequence& one, std::uint64_t expected_of_it);
    void add(const sequence_verdict& other);
};

} // namespace weir::bench
