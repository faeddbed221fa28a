// RESP2, what Redis speaks (https://redis.io/docs/reference/protocol-spec/): commands out, replies
// in. Without sockets; a reader belongs to one connection and is used by one thread at a time.
//
// A reply is bounded in bytes, in elements and in depth. What breaks the protocol is a fault for
// good: where the next reply would begin is unknown, so the connection has to be closed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

enum class resp_kind { nil, status, error, integer, bulk, array };

struct resp_value {
    resp_kind kind = resp_kind::nil; // $-1 and *-1 alike
    std::string text;                // of a status, an error or a bulk string
    std::int64_t number = 0;         // of an integer
    std::vector<resp_value> items;   // of an array

    bool is_error() const { return kind == resp_kind::error; }
    bool is_status(std::string_view what) const {
        return kind == resp_kind::status && text == what;
    }
    friend bool operator==(const resp_value&, const resp_value&) = default;
};

struct resp_limits {
    std::size_t line = 64 * 1024;     // of a status, an error or a length
    std::size_t bytes = 64u << 20;    // of all texts in one reply
    std::size_t elements = 1'000'000; // in one reply, nested ones included
    std::size_t depth = 8;            // of arrays
};

class resp_reader {
public:
    enum class step { more, value, fault };

    explicit resp_reader(resp_limits limits = {}) : limits_(limits) {}

    void feed(std::string_view bytes) { buffer_.append(bytes); }
    // The next reply out of what was fed.
    step next(resp_value& into);
    void reset() { *this = resp_reader(limits_); }                        // for another connection
    bool empty() const { return buffer_.size() == at_ && open_.empty(); } // between two replies

private:
    struct unfinished {
        resp_value array;
        std::size_t left;
    };

    step element(resp_value& into);
    step bulk(resp_value& into);
    step begin(char type, std::string_view line, resp_value& into);
    bool take_line(std::string_view& line, bool& too_long);
    bool completes(resp_value& value);
    void forget_read();
    step fail();

    resp_limits limits_;
    std::string buffer_;
    std::size_t at_ = 0;     // what was read of it
    std::size_t looked_ = 0; // up to where there is no line end
    std::vector<unfinished> open_;
    bool in_bulk_ = false;
    std::size_t bulk_size_ = 0;
    std::size_t bytes_ = 0; // of the reply under way
    std::size_t elements_ = 0;
    bool faulty_ = false;
};

// A command is an array of bulk strings, so no byte of an argument needs an escape.
void append_command(std::string& out, std::initializer_list<std::string_view> words);

} // namespace weir
