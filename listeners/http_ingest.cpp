#include "listeners/http_ingest.hpp"

#include "wire/http_encoding.hpp"
#include "wire/http_split.hpp"
#include "wire/line_end.hpp"

namespace weir {

namespace {

constexpr http_refusal nothing{400, "the body is empty", refusal::empty};

http_refusal as_refusal(http_fault fault) {
    return {fault.status, fault.reason,
            fault.status == 413 ? refusal::oversize : refusal::bad_request};
}

bool is_ndjson(std::string_view content_type) {
    content_type = content_type.substr(0, content_type.find(';'));
    content_type = content_type.substr(0, content_type.find_last_not_of(" \t") + 1);
    return equals_ignoring_case(content_type, "application/x-ndjson");
}

http_messages whole(batch_builder& into) {
    if (into.empty())
        return {nullptr, nothing};
    return {into.finish(), {}};
}

http_messages by_line(std::string_view body, const batch_origin& origin) {
    batch_builder into(origin, body.size() + 1);
    const compacted_lines lines = compact_lines(body, into.prepare(body.size() + 1));
    into.commit(lines.bytes, lines.messages);
    return whole(into);
}

http_messages by_element(std::string_view body, const batch_origin& origin) {
    const auto elements = split_json_array(body);
    if (!elements)
        return {nullptr, {400, "the body is no JSON array"}};
    batch_builder into(origin, body.size());
    for (std::string_view element : *elements)
        into.append(element);
    return whole(into);
}

} // namespace

http_messages messages_of(const http_head& head, std::string_view body, std::size_t max_body,
                          const batch_origin& origin) {
    const auto encoding = content_encoding_from(head.content_encoding);
    if (!encoding)
        return {nullptr, {415, "Content-Encoding must be gzip, deflate or zstd"}};
    if (body.empty())
        return {nullptr, nothing};
    std::string decoded;
    if (*encoding != content_encoding::identity) {
        if (const auto fault = decode_content(*encoding, body, max_body, decoded))
            return {nullptr, as_refusal(*fault)};
        body = decoded;
        if (body.empty())
            return {nullptr, nothing};
    }
    const auto split = query_value(head.query, "split");
    if (split == "array")
        return by_element(body, origin);
    if (split == "lines" || (!split && is_ndjson(head.content_type)))
        return by_line(body, origin);
    if (split)
        return {nullptr, {400, "split must be lines or array"}};
    const std::string_view message = without_line_end(body);
    if (message.empty())
        return {nullptr, nothing};
    batch_builder into(origin, message.size() + 1);
    into.append(message);
    return whole(into);
}

batch_origin origin_of(const batch_origin& port, std::string_view path) {
    batch_origin origin = port;
    if (!origin.topic && path.starts_with(topic_root))
        origin.topic = std::make_shared<const std::string>(path.substr(topic_root.size()));
    return origin;
}

} // namespace weir
