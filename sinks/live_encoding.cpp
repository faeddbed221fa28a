#include "sinks/live_encoding.hpp"

#include "queues/event_envelope.hpp"
#include "queues/topics.hpp"
#include "wire/record.hpp"
#include "wire/utf8.hpp"
#include "wire/websocket_frame.hpp"

#include <iterator>
#include <optional>

namespace weir {

namespace {

// CR, LF and both together each end a line (WHATWG HTML, 9.2.6), so each begins another here: what
// an event holds never becomes a field of the stream's.
void append_data_lines(std::string& frames, std::string_view text) {
    for (;;) {
        const std::size_t end = text.find_first_of("\r\n");
        frames.append("data: ").append(text.substr(0, end)).append("\n");
        if (end == text.npos)
            return;
        text.remove_prefix(end + (text.substr(end).starts_with("\r\n") ? 2 : 1));
    }
}

} // namespace

void append_event(std::string& frames, live_format format, std::uint64_t seq,
                  std::string_view message) {
    switch (format) {
    case live_format::websocket:
        append_frame(frames, is_utf8(message) ? opcode::text : opcode::binary, message);
        break;
    case live_format::sse:
        frames.append("id: ").append(std::to_string(seq)).append("\n");
        if (is_utf8(message))
            append_data_lines(frames, message);
        else
            append_data_lines(frames, escape_record(message));
        frames += '\n';
        break;
    case live_format::lines: // as a file would have it
        if (message.find('\n') == message.npos)
            frames += message;
        else
            append_escaped_record(frames, message);
        frames += '\n';
        break;
    }
}

live_encoding::live_encoding(const live_key& key, const std::vector<std::string>* listeners)
    : format_(key.format), meta_(key.meta), topics_(key.topics), listeners_(listeners) {}

std::size_t live_encoding::add(const batch& messages, frame_chunk& to, std::size_t from,
                               std::size_t most) const {
    const bool plain = !meta_ && topics_.empty();
    if (plain && format_ == live_format::websocket && from == 0 && most == all) {
        to.add(messages);
        return messages.size();
    }
    const batch_topics* const topics = plain ? nullptr : &topics_of(messages);
    std::optional<event_envelope> envelope;
    if (meta_) {
        const bool named = listeners_ && messages.source() < listeners_->size();
        envelope.emplace(messages.received(),
                         named ? std::string_view((*listeners_)[messages.source()]) : "");
    }
    std::string line;
    std::size_t index = from;
    for (auto at = std::next(messages.begin(), static_cast<std::ptrdiff_t>(from));
         index < messages.size() && to.bytes().size() < most; ++at, ++index) {
        if (!topics_.empty() && !topics_.matches((*topics)[index])) {
            to.leave_out(1);
            continue;
        }
        const std::uint64_t seq = to.end();
        std::string_view message = *at;
        if (envelope) {
            line.clear();
            envelope->append(line, seq, (*topics)[index], message);
            message = line;
        }
        to.add_event([&](std::string& frames) { append_event(frames, format_, seq, message); });
    }
    return index;
}

} // namespace weir
