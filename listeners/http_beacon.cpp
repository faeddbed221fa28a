#include "listeners/http_beacon.hpp"

#include "base/error.hpp"
#include "base/log.hpp"
#include "wire/beacon.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace weir {

namespace {

std::string read_file(const std::string& path) {
    errno = 0;
    const std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file.is_open() || text.fail())
        throw startup_error("can't read " + path + ": " +
                            (errno != 0 ? std::strerror(errno) : "it is empty") +
                            "; a beacon needs uap-core's regexes.yaml, which Debian's package "
                            "uap-core brings, or the path of one as ua-regexes=PATH");
    return text.str();
}

} // namespace

batch_ptr beacon_batch(const http_head& head, known_browsers& browsers,
                       const batch_origin& origin) {
    const beacon_path path = parse_beacon_path(head.path).value();
    const auto given = beacon_user_agent(head.query);
    const browser_ptr from = browsers.of(given ? *given : head.user_agent);
    const auto now = receive_clock::now();
    const std::string event = beacon_event(path, head.query, *from, now);
    batch_builder into(origin, event.size() + 1);
    into.append(event);
    return into.finish(now);
}

std::shared_ptr<known_browsers> load_browsers(const std::string& path) {
    const std::string text = read_file(path);
    try {
        user_agent_parser parser(parse_user_agent_expressions(text));
        component_log("beacon").debug("{}: {} expressions, {} skipped", path, parser.expressions(),
                                      parser.skipped());
        return std::make_shared<known_browsers>(std::move(parser));
    } catch (const std::runtime_error& wrong) {
        throw startup_error(path + " is no regexes.yaml of uap-core: " + wrong.what());
    }
}

} // namespace weir
