#include "gateway/bench/sequence.hpp"

#include <algorithm>

namespace weir::bench {

void sequence::note(std::uint64_t number) {
    const std::uint64_t word = number / word_bits;
    const std::uint64_t bit = std::uint64_t{1} << number % word_bits;
    if (word < settled_) {
        ++duplicates_;
        return;
    }
    if (word - settled_ >= words_.size())
        words_.resize(word - settled_ + 1);
    std::uint64_t& seen = words_[word - settled_];
    if ((seen & bit) != 0) {
        ++duplicates_;
        return;
    }
    seen |= bit;
    ++found_;
    if (number < end_)
        ++out_of_order_;
    else
        end_ = number + 1;
    for (; !words_.empty() && words_.front() == ~std::uint64_t{0}; ++settled_)
        words_.pop_front();
}

void sequence_verdict::add(const sequence& one, std::uint64_t expected_of_it) {
    expected += expected_of_it;
    found += one.found();
    missing += expected_of_it - std::min(one.found(), expected_of_it);
    duplicates += one.duplicates();
    out_of_order += one.out_of_order();
}

void sequence_verdict::add(const sequence_verdict& other) {
    expected += other.expected;
    found += other.found;
    missing += other.missing;
    duplicates += other.duplicates;
    out_of_order += other.out_of_order;
}

} // namespace weir::bench
