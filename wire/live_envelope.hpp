// What the live stream says beside the events themselves. Pure functions, usable from any thread.
//
//   envelope, asked for with meta=1    {"seq":7,"time":…,"listener":…,"topic":…,"data":…}
//   notices, instead of an event       {"weir":"gap","missed":12}   {"weir":"restart"}
//
// `data` is the event itself where it is JSON, else a string, and with "encoding":"base64" the
// bytes of one that is not UTF-8.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace weir {

struct live_envelope {
    std::uint64_t seq = 0;
    std::string_view data; // as it stands there
    bool base64 = false;

    // The event: JSON as it stands there, a string without its quotes and escapes.
    std::string event() const;
};

// Nothing where `text` is no envelope.
std::optional<live_envelope> read_live_envelope(std::string_view text);

struct live_notice {
    enum class kind { gap, restart } what{};
    std::uint64_t missed = 0;
};
std::optional<live_notice> read_live_notice(std::string_view text);

} // namespace weir
