#include "listeners/tcp_intake.hpp"

namespace weir {

batch_ptr tcp_intake::take(std::size_t read) {
    bytes_ += read;
    const std::span<char> data = buffer_.filled(read);
    return settle(framer_.decode(data.data(), data.size(), ends_));
}

batch_ptr tcp_intake::finish() {
    if (broken_)
        return nullptr;
    buffer_.room(); // for the delimiter that the last message may lack
    const std::span<char> rest = buffer_.filled(0);
    return settle(framer_.finish(rest.data(), rest.size(), ends_));
}

void tcp_intake::abandon(refusal why) {
    if (buffer_.rest() > 0 && !broken_)
        books_.refused_messages[why].add();
    broken_ = true;
}

batch_ptr tcp_intake::settle(const decoded& found) {
    if (found.refused > 0)
        books_.refused_messages[refusal::oversize].add(found.refused);
    if (found.error != decode_error::none) {
        const bool too_long = found.error == decode_error::too_long;
        books_.refused_messages[too_long ? refusal::oversize : refusal::bad_frame].add();
        broken_ = true;
    }
    return buffer_.take(found, ends_);
}

} // namespace weir
