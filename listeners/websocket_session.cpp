#include "listeners/websocket_session.hpp"

#include "queues/publish.hpp"

#include <algorithm>

namespace weir {

using boost::system::error_code;

namespace {

constexpr std::chrono::seconds forgiving{5}; // between counting pings anew
constexpr std::chrono::seconds goodbye{2};   // for the answer to our Close

} // namespace

task<> websocket_session::run(std::string_view early) {
    error_code fault;
    if (!early.empty()) {
        std::copy(early.begin(), early.end(), buffer_.room(early.size()).begin());
        take(early.size());
        if (fresh_ && !try_publish(port_.setting.destination, port_.ws_books, fresh_))
            co_await hold_back();
    }
    while (!closed_ && !fault) {
        if (io_.peer().stopping() && !leaving_)
            say_goodbye();
        if (!replies_.empty() && !io_.try_write(replies_)) {
            io_.expires_after(port_.idle_timeout);
            const bool written = co_await io_.write(replies_);
            if (!written)
                break;
        }
        set_deadline();
        auto ready = io_.readable();
        co_await std::move(ready);
        if (io_.expired()) {
            if (pinged_ || leaving_)
                break;
            pinged_ = true;
            append_frame(replies_, opcode::ping, {});
            continue;
        }
        const std::size_t size = io_.read(buffer_.room(), fault);
        if (size > 0)
            take(size);
        if (fresh_ && !try_publish(port_.setting.destination, port_.ws_books, fresh_))
            co_await hold_back();
    }
    if (!replies_.empty())
        io_.try_write(replies_);
    if (buffer_.rest() > 0 && !closed_) {
        const bool silent = io_.expired();
        const refusal why = io_.peer().stopping() ? refusal::closing
                            : silent              ? refusal::timeout
                                                  : refusal::bad_frame;
        port_.ws_books.refused_messages[why].add();
    }
    if (!fault)
        co_await io_.linger();
}

void websocket_session::take(std::size_t read) {
    const std::span<char> data = buffer_.filled(read);
    pinged_ = false;
    const auto now = connection::clock::now();
    if (now - pings_forgiven_ > forgiving) {
        pings_forgiven_ = now;
        decoder_.forgive_pings();
    }
    const std::size_t before = replies_.size();
    const websocket_decoded found = decoder_.decode(data.data(), data.size(), ends_, replies_);
    fresh_ = buffer_.take(found, ends_);
    count(found);
    closed_ = found.close != 0;
    if (leaving_) // nothing may follow our Close
        replies_.resize(before);
}

void websocket_session::count(const websocket_decoded& found) {
    auto& refused = port_.ws_books.refused_messages;
    if (found.empty > 0)
        refused[refusal::empty].add(found.empty);
    if (found.error == decode_error::too_long)
        refused[refusal::oversize].add();
    else if (found.error != decode_error::none)
        refused[refusal::bad_frame].add();
}

// The queue is full, and it blocks. That we don't read is not the peer's silence.
task<> websocket_session::hold_back() {
    io_.peer().expires_never();
    co_await publish_when_space(port_.setting.destination, port_.ws_books, std::move(fresh_),
                                io_.peer().executor, as_long_as_it_takes);
}

void websocket_session::say_goodbye() {
    leaving_ = true;
    leave_by_ = connection::clock::now() + goodbye;
    append_close(replies_, close_code::going_away, "weir is stopping");
}

void websocket_session::set_deadline() {
    if (!leaving_)
        return io_.expires_after(port_.idle_timeout / 2);
    const auto left = leave_by_ - connection::clock::now();
    io_.expires_after(std::max<connection::clock::duration>(left, std::chrono::milliseconds(1)));
}

} // namespace weir
