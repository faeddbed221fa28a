// What one write of a file sink takes: as many batches as were there, as the bytes that go into the
// file, and how far they got. A plain batch in newline framing is its own arena; everything else is
// encoded once. One thread.
#pragma once

#include "queues/batch.hpp"
#include "wire/framing.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <sys/uio.h>
#include <vector>

namespace weir {

class file_chunk {
public:
    static constexpr std::size_t most_bytes = 4u << 20;
    static constexpr std::size_t most_batches = 1024; // IOV_MAX

    static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

    explicit file_chunk(framing kind, std::size_t limit = most_bytes)
        : kind_(kind), limit_(limit) {}

    void add(batch_ptr next);
    bool full() const { return bytes_ >= limit_ || batches_.size() >= most_batches; }
    const std::vector<batch_ptr>& batches() const { return batches_; }
    bool empty() const { return batches_.empty(); }
    std::size_t bytes() const { return bytes_; }

    // What is still to be written, as far as whole batches fit into `room`; the first one always,
    // if it is begun or `at_least_one`. Valid until add, advance or clear.
    std::span<const iovec> rest(std::uint64_t room = unlimited, bool at_least_one = true);
    void advance(std::size_t written);
    bool done() const { return written_ == bytes_; }

    struct part {
        std::size_t messages = 0;
        std::size_t payload = 0;
        std::size_t bytes = 0;
    };
    part all() const;
    part whole() const; // the records that are written to their last byte

    // Goes back to the end of the last whole record, and gives the number of bytes taken back.
    std::size_t take_back();
    void clear();

private:
    struct piece {        // of one batch
        const char* data; // null: the next bytes of encoded_
        std::size_t size;
    };

    framing kind_;
    std::size_t limit_;
    std::vector<batch_ptr> batches_;
    std::vector<piece> pieces_;
    std::string encoded_;
    std::size_t bytes_ = 0;
    std::size_t written_ = 0;
    std::vector<iovec> vectors_;
};

} // namespace weir
