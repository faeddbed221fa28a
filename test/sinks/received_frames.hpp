// What a live client makes of a server's bytes: a plain reading of RFC 6455, section 5.2, that
// shares no code with what it tests.
#pragma once

#include "wire/websocket_frame.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace weir::test {

struct received_frame {
    opcode op = opcode::continuation;
    std::string payload;

    bool is_gap() const { return op == opcode::text && payload.starts_with("{\"weir\":\"gap\""); }
    std::uint64_t missed() const {
        return std::stoull(
            payload.substr(std::string_view("{\"weir\":\"gap\",\"missed\":").size()));
    }
    unsigned close_code() const {
        return static_cast<unsigned char>(payload.at(0)) * 256u +
               static_cast<unsigned char>(payload.at(1));
    }
};

class received_frames {
public:
    void feed(std::string_view bytes) { bytes_ += bytes; }
    bool whole() const { return at_ == bytes_.size(); } // ends between two frames

    // The next frame that is there in full.
    bool next(received_frame& frame) {
        const auto byte = [this](std::size_t i) {
            return static_cast<std::uint64_t>(static_cast<unsigned char>(bytes_.at(at_ + i)));
        };
        const std::size_t there = bytes_.size() - at_;
        if (there < 2)
            return false;
        if ((byte(0) & 0xf0) != 0x80 || (byte(1) & 0x80) != 0)
            throw std::runtime_error("not a whole frame of a server");
        std::uint64_t length = byte(1);
        std::size_t header = 2;
        if (length >= 126) {
            header += length == 126 ? 2 : 8;
            if (there < header)
                return false;
            length = 0;
            for (std::size_t i = 2; i < header; ++i)
                length = length * 256 + byte(i);
        }
        if (there < header + length)
            return false;
        frame.op = static_cast<opcode>(byte(0) & 0x0f);
        frame.payload = bytes_.substr(at_ + header, length);
        at_ += header + length;
        if (at_ > 1 << 20) {
            bytes_.erase(0, at_);
            at_ = 0;
        }
        return true;
    }

private:
    std::string bytes_;
    std::size_t at_ = 0;
};

} // namespace weir::test
