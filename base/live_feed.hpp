// The live stream for a listener that has a form of its own for it: event by event, where the HTTP
// routes hand a connection over. A sink offers it with its route (base/http_routes.hpp).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace weir {

// What becomes of who does not keep up.
enum class slow_client { skip, close };
constexpr std::array<std::pair<std::string_view, slow_client>, 2> choices(slow_client) {
    return {{{"skip", slow_client::skip}, {"close", slow_client::close}}};
}

// Views live for the call only.
struct live_event {
    std::uint64_t seq;
    std::string_view time; // when it was read, RFC 3339
    std::string_view listener;
    std::string_view topic;
    std::string_view data;
};

struct live_wish {
    std::vector<std::string> topics;    // as for topic_filter; empty: all
    std::optional<std::uint64_t> last;  // first so many of those that are held
    std::optional<std::uint64_t> since; // first all behind this number; not both
    slow_client slow = slow_client::skip;
};

// One subscriber's place in the stream. One thread at a time; it may end on any.
class live_subscription {
public:
    virtual ~live_subscription() = default;

    enum class outcome {
        more,     // ask again, there may be something already
        nothing,  // there is nothing yet: it will be woken, once
        finished, // and there will be nothing any more
        stopped,  // likewise, and what is not written yet is not waited for
        overtaken // likewise, of who is closed when slow: the stream has moved past it
    };
    struct step {
        outcome now;
        std::uint64_t missed = 0; // events that are not there, before those that were taken
        bool restarted = false;   // nobody has seen the number it asked for in this run
    };
    // Calls `take` with what comes next, about `most` bytes of it, perhaps nothing.
    virtual step next(std::size_t most, const std::function<void(const live_event&)>& take) = 0;
};

// `wake` is called on any thread, not from within next(), and must not block. Null where the stream
// is over. Throws usage_error, which says what is wrong with the wish.
using live_subscribe = std::function<std::unique_ptr<live_subscription>(
    const live_wish& wish, std::function<void()> wake)>;

} // namespace weir
