// The first line of the input is a path, the rest any text. The edits of a JSON object are one
// again, and hold what a parser that builds the whole document says they should; nothing else is
// ever edited.
#include "base/error.hpp"
#include "test/wire/feed.hpp"
#include "wire/json_edit.hpp"

#include <boost/json.hpp>

using namespace weir;
using namespace weir::test;
namespace json = boost::json;

namespace {

json::value parsed(std::string_view text) {
    json::parse_options options;
    options.max_depth = 200;
    boost::system::error_code fault;
    json::value document = json::parse({text.data(), text.size()}, fault, {}, options);
    promise(!fault, "an edit of valid JSON is valid JSON");
    return document;
}

const json::value* find(const json::value& in, const std::vector<std::string>& names) {
    const json::value* at = &in;
    for (const std::string& name : names) {
        at = at->is_object() ? at->as_object().if_contains(name) : nullptr;
        if (!at)
            return nullptr;
    }
    return at;
}

void check(std::string_view text, const member_path& path) {
    const json::value before = parsed(text);
    const json::value* const there = find(before, path.names());
    const auto found = path.find_in(text);
    promise(found.has_value() == (there != nullptr), "found where a parser finds it");
    if (found)
        promise(parsed(*found) == *there, "the same value");
    const member_tree tree = tree_of({path});

    std::string out;
    keep_members(out, text, tree);
    const json::value kept = parsed(out);
    const json::value* const still = find(kept, path.names());
    promise(kept.is_object(), "an edit of an object is an object");
    promise(!there || (still && *still == *there), "what was there is kept");

    out.clear();
    if (drop_members(out, text, tree))
        promise(!find(parsed(out), path.names()), "what is dropped is gone");
    else
        promise(out.empty() && !there, "unchanged only where it was not there");

    out.clear();
    const new_member fresh{path.names().front(), "[17]"};
    set_members(out, text, {&fresh, 1});
    json::value expected = before;
    expected.as_object()[fresh.name] = json::array{17};
    promise(parsed(out) == expected, "what is set is there, and all else as it was");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::size_t line = std::min(input.find('\n'), size);
    const std::string_view text = input.substr(std::min(line + 1, size));
    try {
        const member_path path(input.substr(0, line));
        if (is_json_object(text)) {
            check(text, path);
        } else {
            // Nobody edits it, and looking at it stays within its bounds.
            std::string out;
            path.find_in(text);
            keep_members(out, text, tree_of({path}));
        }
    } catch (const usage_error&) {
    }
    return 0;
}
