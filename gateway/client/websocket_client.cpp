#include "gateway/client/websocket_client.hpp"

#include "gateway/client/http_refusal.hpp"
#include "gateway/client/websocket_handshake.hpp"
#include "wire/utf8.hpp"

#include <fmt/format.h>

namespace weir::client {

namespace {

constexpr std::size_t a_read = 128u << 10;
constexpr std::chrono::seconds patience{10};            // for answers, and for a write to go on
constexpr std::string_view normal_closure = "\x03\xe8"; // 1000

bool is_calm(std::uint16_t code) {
    return code == close_code::normal || code == close_code::going_away || code == 1005;
}

} // namespace

websocket_client::websocket_client(const url& to, const access_options& access, waiter& waits)
    : stream_(to, access, waits), key_(random_masking_key()) {
    const std::string key = random_websocket_key();
    stream_.write(websocket_request(to, key, authorization(access)), patience);
    http_reader reader(stream_);
    const http_answer answer = reader.read_head(waiter::clock::now() + patience);
    if (answer.status != 101)
        refuse(to, reader, answer);
    if (answer.field("Sec-WebSocket-Accept") != websocket_accept_key(key))
        throw connection_fault(to.shown() + " is no WebSocket: its handshake is wrong");
    in_ = reader.take_rest();
    rest_ = in_;
}

bool websocket_client::next(std::string_view& message) {
    for (;;) {
        switch (decoder_.next(rest_)) {
        case websocket_step::more:
            return false;
        case websocket_step::message:
            message = decoder_.payload();
            return true;
        case websocket_step::ping:
            append_masked_frame(out_, opcode::pong, true, decoder_.payload(), key_);
            stream_.write(out_, patience); // what else waits there goes with it
            out_.clear();
            continue;
        case websocket_step::pong:
            continue;
        case websocket_step::close:
            leave();
            ended_ = true;
            if (is_calm(decoder_.close_code()))
                return false;
            throw connection_fault(fmt::format("the server closes: {}{}{}", decoder_.close_code(),
                                               decoder_.payload().empty() ? "" : " ",
                                               decoder_.payload()));
        case websocket_step::fault:
            ended_ = true;
            throw connection_fault(
                fmt::format("the server breaks the WebSocket protocol: {}", decoder_.fault()));
        }
    }
}

void websocket_client::read(byte_stream::time_point until) {
    in_.resize(a_read);
    const std::size_t got = stream_.read(in_.data(), in_.size(), until);
    rest_ = std::string_view(in_).substr(0, got);
    if (got == 0) {
        ended_ = true;
        throw connection_fault("the connection ended without a Close");
    }
}

void websocket_client::add(std::string_view message) {
    append_masked_frame(out_, is_utf8(message) ? opcode::text : opcode::binary, true, message,
                        key_);
}

void websocket_client::flush() {
    stream_.write(out_, patience);
    out_.clear();
    std::string_view message; // nobody asked for one
    for (;;) {
        while (next(message)) {
        }
        if (ended_)
            throw connection_fault("the server has closed the connection");
        in_.resize(a_read);
        const auto got = stream_.try_read(in_.data(), in_.size());
        if (!got)
            return;
        rest_ = std::string_view(in_).substr(0, *got);
        if (*got == 0)
            throw connection_fault("the server has closed the connection");
    }
}

void websocket_client::close() {
    flush();
    append_masked_frame(out_, opcode::close, true, normal_closure, key_);
    stream_.write(out_, patience);
    out_.clear();
    const auto until = waiter::clock::now() + patience;
    std::string_view message;
    while (!ended_) {
        while (next(message)) {
        }
        if (!ended_)
            read(until);
    }
}

void websocket_client::leave() noexcept {
    if (ended_)
        return;
    try {
        std::string frame;
        append_masked_frame(frame, opcode::close, true, normal_closure, key_);
        stream_.write(frame, std::chrono::milliseconds(0));
    } catch (...) { // whoever does not hear it, sees the connection end
    }
}

} // namespace weir::client
