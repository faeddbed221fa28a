// Chunks of frames from messages, and back.
#pragma once

#include "sinks/frame_chunk.hpp"
#include "test/sinks/received_frames.hpp"

#include <boost/test/unit_test.hpp>
#include <memory>
#include <vector>

namespace weir::test {

inline chunk_ptr chunk_of(const std::vector<std::string>& messages, std::uint64_t gap = 0) {
    batch_builder builder(0);
    for (const std::string& message : messages)
        builder.append(message);
    auto chunk = std::make_shared<frame_chunk>();
    if (gap > 0)
        chunk->begin_with_gap(gap);
    if (const batch_ptr filled = builder.finish())
        chunk->add(*filled);
    return chunk;
}

inline std::vector<received_frame> decode(std::string_view bytes) {
    received_frames in;
    in.feed(bytes);
    std::vector<received_frame> all;
    received_frame frame;
    while (in.next(frame))
        all.push_back(frame);
    BOOST_TEST(in.whole());
    return all;
}

} // namespace weir::test
