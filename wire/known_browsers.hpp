// What browser each User-Agent seen lately names: a known one costs one look-up of its text.
//
// Bounded: at most `capacity` texts of at most user_agent_parser::most_bytes. Texts that have not
// been asked for while half as many new ones came are forgotten first.
//
// Usable from any thread: texts are spread over shards by their hash, each under a lock that is
// held for the look-up alone. Two threads that meet a new text at once may both parse it.
#pragma once

#include "wire/user_agent.hpp"

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>

namespace weir {

using browser_ptr = std::shared_ptr<const browser>;

class known_browsers {
public:
    explicit known_browsers(user_agent_parser parser, std::size_t capacity = 32'768);

    browser_ptr of(std::string_view user_agent); // never null

    std::size_t size() const; // texts it knows now
    const user_agent_parser& parser() const { return parser_; }

private:
    struct hash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const {
            return std::hash<std::string_view>()(text);
        }
    };
    using texts = std::unordered_map<std::string, browser_ptr, hash, std::equal_to<>>;

    // Two generations: once the young one is full it becomes the old one, and the old one goes.
    struct shard {
        mutable std::mutex mutex;
        texts young;
        texts old;
    };
    static constexpr std::size_t shard_count = 16;

    browser_ptr find(shard& in, std::string_view text);
    void keep(shard& in, std::string text, const browser_ptr& what); // the shard is locked

    user_agent_parser parser_;
    std::size_t generation_; // texts in a shard's generation
    std::array<shard, shard_count> shards_;
};

} // namespace weir
