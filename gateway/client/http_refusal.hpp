// A server that answers, but with another status than was hoped for. Main thread.
#pragma once

#include "gateway/client/http_reader.hpp"

namespace weir::client {

struct http_refusal : connection_fault {
    http_refusal(const std::string& what, const http_answer& answer)
        : connection_fault(what), status(answer.status), retry_after(answer.retry_after()) {}

    // Whether the same may be answered otherwise later.
    bool worth_another_try() const { return status == 408 || status == 429 || status >= 500; }

    unsigned status;
    std::optional<std::chrono::milliseconds> retry_after;
};

// Reads the rest of an answer, 64 KiB of it at most, and returns its status with what weir says
// in its body: "401 Unauthorized (a token is needed)".
std::string read_refusal(http_reader& from, const http_answer& answer);

[[noreturn]] void refuse(const url& to, http_reader& from, const http_answer& answer);

} // namespace weir::client
