#include "gateway/logging.hpp"

#include "base/error.hpp"
#include "gateway/log_levels.hpp"
#include "test/listeners/logged.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>
#include <regex>
#include <spdlog/details/log_msg.h>

using namespace weir;

namespace {

std::string formatted(log_format format, std::string_view component, log_level level,
                      std::string_view text) {
    const auto formatter = make_log_formatter(format);
    spdlog::memory_buf_t out;
    formatter->format({{component.data(), component.size()}, level, {text.data(), text.size()}},
                      out);
    return {out.data(), out.size()};
}

log_levels levels_of(std::string_view text) {
    log_levels out;
    from_text(text, out);
    return out;
}

struct levels_again {
    log_levels before = current_log_levels();
    ~levels_again() { set_log_levels(before); }
};

} // namespace

BOOST_AUTO_TEST_SUITE(logging)

BOOST_AUTO_TEST_CASE(json_is_one_object_a_line_whatever_the_message_is) {
    const std::string nasty("a \"quote\", a\nnewline, \x01 and \xff no UTF-8", 39);
    const std::string line = formatted(log_format::json, "post", spdlog::level::warn, nasty);
    BOOST_REQUIRE(line.ends_with("\n"));
    BOOST_TEST(std::ranges::count(line, '\n') == 1);
    const auto object = boost::json::parse(line).as_object();
    BOOST_TEST(object.size() == 4u);
    BOOST_TEST(object.at("level") == "warn");
    BOOST_TEST(object.at("component") == "post");
    const std::string message(object.at("message").as_string());
    BOOST_TEST(message.starts_with("a \"quote\", a\nnewline, \x01 and "));
    const std::string time(object.at("time").as_string());
    BOOST_TEST(std::regex_match(
        time, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d)")));
}

BOOST_AUTO_TEST_CASE(text_names_the_component_unless_it_is_weir_itself) {
    const auto ends = [](std::string_view component, std::string_view end) {
        return formatted(log_format::text, component, spdlog::level::info, "hello").ends_with(end);
    };
    BOOST_TEST(ends("post", " info    post: hello\n"));
    BOOST_TEST(ends("weir", " info    hello\n"));
    BOOST_TEST(ends("", " info    hello\n"));
}

BOOST_AUTO_TEST_CASE(levels_are_read_and_written_alike) {
    for (const std::string_view text : {"info", "off", "warn,file=trace,post=debug"})
        BOOST_TEST(to_text(levels_of(text)) == text);
    BOOST_TEST(to_text(levels_of("post=debug")) == "info,post=debug");
    BOOST_TEST(to_text(levels_of("debug,weir=error,zmq-sub=warn")) ==
               "debug,weir=error,zmq-sub=warn");
    for (const std::string_view wrong :
         {"", "loud", "info,", "info,debug", "info,nothing=debug", "info,post=loud", "post",
          "info,,post=debug", "post=debug,info"})
        BOOST_CHECK_THROW(levels_of(wrong), usage_error);
}

BOOST_AUTO_TEST_CASE(each_component_tells_what_its_level_lets_through) {
    const levels_again after;
    const logged log;
    const component_log post("post");
    const component_log file("file");
    set_log_levels(levels_of("warn,post=debug"));
    post.debug("a detail {}", 1);
    file.info("not told");
    file.warn("told");
    set_log_levels(levels_of("info,post=off"));
    post.error("not told");
    file.info("told now");
    log_limit limited("post");
    limited.warn("not told either");
    BOOST_TEST(log.count("a detail 1") == 1u);
    BOOST_TEST(log.count("not told") == 0u);
    BOOST_TEST(log.count("told") == 2u);
}

BOOST_AUTO_TEST_SUITE_END()
