// A request's answer as bytes, appended to what the session writes next (RFC 9110, section 15).
// Pure functions, usable from any thread.
#pragma once

#include "base/http_routes.hpp"
#include "listeners/http_policy.hpp"

#include <string>
#include <string_view>

namespace weir {

// What an answer takes over from its request.
struct answer_form {
    bool close = false;            // the connection ends behind it
    bool http_1_0 = false;         // which has to be told when the connection does not end
    bool head_only = false;        // the answer to HEAD: a body's length, and no body
    std::string_view allow_origin; // a foreign origin that may read it, or empty
};

void append_accepted(std::string& out, const answer_form& form); // 204
void append_beacon(std::string& out, const answer_form& form);   // 200, an image nobody keeps
void append_answer(std::string& out, const http_answer& answer, const answer_form& form);

// Of an answer whose body ends with the connection (RFC 9112, section 6.3); `form` must say close.
void append_stream_head(std::string& out, const http_answer& answer, const answer_form& form);

// With Allow, Retry-After and whatever else the status asks for.
void append_refusal(std::string& out, const http_refusal& refused, const http_decision& decision,
                    const answer_form& form);
void append_preflight(std::string& out, const http_decision& decision, const answer_form& form);

void append_continue(std::string& out);                                  // 100
void append_switching(std::string& out, std::string_view websocket_key); // 101

} // namespace weir
