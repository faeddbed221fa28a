// Whatever path, query and User-Agent are, the event is one line of JSON that says what the path
// says, each member once, and a browser with a name. Input: User-Agent, path and query, with a
// newline between.
#include "test/wire/feed.hpp"

#include "wire/beacon.hpp"
#include "wire/utf8.hpp"

#include <boost/json.hpp>
#include <set>

using namespace weir;
using namespace weir::test;

namespace {

namespace json = boost::json;

const user_agent_parser& parser() {
    static const user_agent_parser made(parse_user_agent_expressions(
        "user_agent_parsers:\n"
        "  - regex: '(Chrome|Firefox)/(\\d+)(?:\\.(\\d+)|)(?:\\.(\\d+)|)'\n"
        "  - regex: '^.{0,20}([A-Za-z]{0,5}[Bb]ot)\\b(?:/(\\d+)|)'\n"
        "    family_replacement: 'Bot $1'\n"
        "os_parsers:\n"
        "  - regex: '(Windows|Linux|Mac OS X)'\n"
        "  - regex: '; ?(.{1,50})\\)'\n"));
    return made;
}

std::string_view take_line(std::string_view& input) {
    const std::string_view line = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), line.size() + 1));
    return line;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view input(reinterpret_cast<const char*>(data), size);
    const std::string_view user_agent = take_line(input);
    const auto path = parse_beacon_path(take_line(input));
    if (!path)
        return 0;
    const auto given = beacon_user_agent(input);
    const browser from = parser().parse(given ? *given : user_agent);
    promise(!from.name.empty() && !from.version.empty() && !from.system.empty(), "a browser");

    const std::string event = beacon_event(*path, input, from, {});
    promise(is_utf8(event), "UTF-8");
    promise(event.find('\n') == event.npos, "one line");
    boost::system::error_code fault;
    const json::value parsed = json::parse({event.data(), event.size()}, fault);
    promise(!fault, "JSON");
    promise(json::serialize(parsed) == event, "each member once, each escape the shortest");
    const json::object& members = parsed.at("data").as_object();
    promise(members.contains("app") && members.contains("account") && !members.contains("ua"),
            "its members");
    promise(members.at("browser").as_object().size() == 3, "the browser is nobody else's");
    return 0;
}
