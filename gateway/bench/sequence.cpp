#include "gateway/bench/sequence.hpp"

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

std::uint64_t sequences::found() const {
    std::uint64_t sum = 0;
    for (const sequence& each : senders_)
        sum += each.found();
    return sum;
}

sequence_verdict sequences::verdict() const {
    sequence_verdict sum;
    for (const sequence& each : senders_) {
        sum.expected += each.end();
        sum.found += each.found();
        sum.duplicates += each.duplicates();
        sum.out_of_order += each.out_of_order();
    }
    sum.missing = sum.expected - sum.found;
    return sum;
}

} // namespace weir::bench
