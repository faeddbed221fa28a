// What strangers ask of the live stream and of the counters: whatever is let through keeps what the
// code behind it relies on. Input: an option, then path?query.
#include "base/topic_filter.hpp"
#include "sinks/live_query.hpp"
#include "sinks/stats_question.hpp"
#include "test/wire/feed.hpp"

using namespace weir;
using namespace weir::test;

namespace {

void live(const http_query& asked, live_format how) {
    const live_query query = parse_live_query(how, asked);
    if (!query.fault.empty())
        return;
    topic_filter(query.key.topics); // throws where it is none
    promise(!query.from.last || !query.from.since, "one beginning");
}

void stats(const http_query& asked, const stats_options& options) {
    const auto parsed = parse_stats_question(asked, options);
    if (const auto* wrong = std::get_if<http_answer>(&parsed)) {
        promise(wrong->status == 400 || wrong->status == 404, "a fault of the client's");
        return;
    }
    const auto& question = std::get<stats_question>(parsed);
    const count_naming& naming = options.naming;
    const std::string key = question.key(naming);
    promise(key.starts_with(naming.start(question.of)), "a key of its chart");
    promise(question.callback.size() <= 64, "a short callback");
    if (question.lists())
        return;
    // No name can stand for another, whatever it holds.
    const auto parts = naming.parts(question.of, key);
    promise(parts && parts->size() == question.names.size() + question.date.size(),
            "as many parts");
    for (std::size_t i = 0; i < question.names.size(); ++i)
        promise(naming.unescaped((*parts)[i]) == question.names[i], "the same name");
    for (const std::string& below : question.keys_below(naming))
        promise(below.starts_with(key + naming.separator), "a key below");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 1)
        return 0;
    const std::string_view target(reinterpret_cast<const char*>(data) + 1, size - 1);
    const std::size_t mark = std::min(target.find('?'), target.size());
    http_query asked;
    asked.raw_path = asked.path = target.substr(0, mark);
    asked.query = target.substr(std::min(mark + 1, target.size()));
    asked.last_event_id = data[0] & 1 ? asked.path : "";
    asked.host = "localhost:8083";
    for (const live_format how : {live_format::websocket, live_format::sse})
        live(asked, how);
    stats_options options;
    options.naming.padded = data[0] & 2;
    if (data[0] & 4) {
        options.naming.prefix = "";
        options.naming.separator = "/";
    }
    stats(asked, options);
    return 0;
}
