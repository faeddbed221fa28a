// Reads what a receiver has written to its file, a message a line, and looks for every message that
// was sent. What the file held before is passed over. Main thread, after the sending.
#pragma once

#include "base/unique_fd.hpp"
#include "gateway/bench/sender.hpp"
#include "gateway/bench/sequence.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace weir::bench {

class file_check {
public:
    // To be made before anything is sent. Throws startup_error.
    explicit file_check(const send_options& o,
                        std::chrono::milliseconds patience = std::chrono::seconds(2));

    // Reads until all are there, or the file has not grown for as long as the patience lasts.
    sequence_verdict look_for(const std::vector<sent_from>& sent);

private:
    bool read_on(); // false: there is nothing new
    void take(std::string_view line);

    std::string path_;
    std::size_t message_size_;
    std::chrono::milliseconds patience_;
    unique_fd file_;
    std::uint64_t place_ = 0; // read up to here
    std::string buffer_;
    std::size_t half_ = 0; // of a line, in front of the buffer
    struct sender_seen {
        std::uint64_t sent = 0;
        sequence numbers{};
    };
    std::vector<sender_seen> senders_; // by FROM
};

} // namespace weir::bench
