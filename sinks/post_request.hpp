// One request as it is gathered from the queue: its body, encoded once, and the messages that it
// stands for, so that they can still be counted or put aside when it fails. One thread.
#pragma once

#include "queues/batch.hpp"
#include "sinks/post_options.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

// A batch of which a request has perhaps taken the first messages.
struct batch_rest {
    batch_rest() = default;
    explicit batch_rest(batch_ptr whole)
        : owner(std::move(whole)), next(owner->begin()), left(owner->size()) {}

    batch_ptr owner;
    batch::iterator next;
    std::size_t left = 0;
};

class post_request {
public:
    // The body holds at most so many messages and bytes, and at least one message.
    post_request(post_format format, std::size_t most_messages, std::size_t most_bytes);

    void add(batch_rest& from); // as many as fit
    void finish(bool gzip);     // the body is ready, and nothing more is added

    bool empty() const { return messages_ == 0; }
    bool full() const { return full_; }
    std::size_t messages() const { return messages_; }
    std::size_t payload() const { return payload_; } // without framing
    const std::string& body() const { return body_; }
    std::string_view content_type() const { return content_type_; }
    bool gzipped() const { return gzipped_; }

    struct part {
        batch_ptr owner;
        batch::iterator first;
        std::size_t count = 0;
    };
    const std::vector<part>& parts() const { return parts_; }

    template <class Function>
    void for_each(Function&& use) const {
        for (const part& each : parts_) {
            auto message = each.first;
            for (std::size_t i = 0; i < each.count; ++i, ++message)
                use(*message);
        }
    }

private:
    bool add_whole(const batch_rest& from);
    bool add_message(std::string_view message);
    void encode(std::string_view message);

    post_format format_;
    std::size_t most_messages_;
    std::size_t most_bytes_;
    std::size_t messages_ = 0;
    std::size_t payload_ = 0;
    std::string body_;
    std::string_view content_type_;
    std::vector<part> parts_;
    bool full_ = false;
    bool gzipped_ = false;
};

} // namespace weir
