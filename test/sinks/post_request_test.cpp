#include "sinks/post_request.hpp"

#include "sinks/post_head.hpp"
#include "test/sinks/scratch.hpp"
#include "wire/json_check.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

batch_rest rest_of(std::initializer_list<std::string_view> messages) {
    batch_builder builder(1);
    for (const std::string_view message : messages)
        builder.append(message);
    return batch_rest(builder.finish());
}

std::vector<std::string> messages_of(const weir::post_request& request) {
    std::vector<std::string> all;
    request.for_each([&all](std::string_view message) { all.emplace_back(message); });
    return all;
}

std::string body_of(post_format format, std::initializer_list<std::string_view> messages) {
    weir::post_request request(format, 100, 1000);
    batch_rest rest = rest_of(messages);
    request.add(rest);
    request.finish(false);
    return request.body();
}

} // namespace

BOOST_AUTO_TEST_SUITE(post_request)

BOOST_AUTO_TEST_CASE(a_line_a_message) {
    BOOST_TEST(body_of(post_format::ndjson, {"{}", "plain text"}) == "{}\nplain text\n");
    BOOST_TEST(body_of(post_format::ndjson, {"{}", "a\nb"}) ==
               "{}\n{\"weir\":\"escaped\",\"data\":\"a\\nb\"}\n");
}

BOOST_AUTO_TEST_CASE(an_array_is_always_json) {
    BOOST_TEST(body_of(post_format::array, {R"({"a":1})", "7", R"(say "hi")", "a\nb"}) ==
               R"([{"a":1},7,"say \"hi\"","a\nb"])");
    BOOST_TEST(body_of(post_format::array, {"\xff"}) == R"([{"weir":"escaped","base64":"/w=="}])");
    BOOST_TEST(body_of(post_format::array, {""}) == R"([""])");
    BOOST_TEST(is_json(body_of(post_format::array, {"{", "}", "[1", "nul", "1 2", "\t"})));
}

BOOST_AUTO_TEST_CASE(single_is_the_message_with_its_type) {
    for (const auto& [message, type] : std::vector<std::pair<std::string, std::string>>{
             {R"({"a":1})", "application/json"},
             {"hello", "text/plain; charset=utf-8"},
             {"\xfe\xff", "application/octet-stream"}}) {
        weir::post_request request(post_format::single, 100, 1000);
        batch_rest rest = rest_of({message, "next"});
        request.add(rest);
        BOOST_TEST(request.full());
        BOOST_TEST(request.body() == message);
        BOOST_TEST(request.content_type() == type);
        BOOST_TEST(rest.left == 1u);
        BOOST_TEST(*rest.next == "next");
    }
}

BOOST_AUTO_TEST_CASE(a_batch_is_split_at_the_count) {
    weir::post_request first(post_format::ndjson, 3, 1000);
    batch_rest rest = rest_of({"1", "2"});
    first.add(rest);
    BOOST_TEST(!first.full());
    BOOST_TEST(rest.left == 0u);
    rest = rest_of({"3", "4", "5"});
    first.add(rest);
    BOOST_TEST(first.full());
    BOOST_TEST(first.body() == "1\n2\n3\n");
    BOOST_TEST(rest.left == 2u);
    weir::post_request second(post_format::ndjson, 3, 1000);
    second.add(rest);
    BOOST_TEST(second.body() == "4\n5\n");
    BOOST_TEST(messages_of(first) == (std::vector<std::string>{"1", "2", "3"}),
               boost::test_tools::per_element());
    BOOST_TEST(messages_of(second) == (std::vector<std::string>{"4", "5"}),
               boost::test_tools::per_element());
    BOOST_TEST(first.payload() == 3u);
}

BOOST_AUTO_TEST_CASE(a_batch_is_split_at_the_bytes) {
    for (const post_format format : {post_format::ndjson, post_format::array}) {
        batch_rest rest = rest_of({"111", "222", "333", "444", "555"});
        std::vector<std::string> seen;
        while (rest.left > 0) {
            weir::post_request request(format, 100, 10);
            request.add(rest);
            const std::size_t taken = request.messages();
            request.finish(false);
            BOOST_TEST(taken == 2u - (rest.left == 0 ? 1u : 0u));
            BOOST_TEST(request.body().size() <= 10u);
            for (const std::string& message : messages_of(request))
                seen.push_back(message);
        }
        BOOST_TEST(seen == (std::vector<std::string>{"111", "222", "333", "444", "555"}),
                   boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_message_larger_than_a_request_goes_alone) {
    weir::post_request request(post_format::ndjson, 100, 4);
    batch_rest rest = rest_of({"much too long", "x"});
    request.add(rest);
    BOOST_TEST(request.messages() == 1u);
    BOOST_TEST(request.full());
    BOOST_TEST(rest.left == 1u);
}

BOOST_AUTO_TEST_CASE(a_zipped_body_is_the_body) {
    weir::post_request request(post_format::ndjson, 100, 1000);
    batch_rest rest = rest_of({"a", "b"});
    request.add(rest);
    request.finish(true);
    BOOST_TEST(gunzip(request.body()) == "a\nb\n");
    const post_options options = parse_options<post_options>("http://h:81/x?y");
    BOOST_TEST(post_head(options).of(request) ==
               "POST /x?y HTTP/1.1\r\nHost: h:81\r\nUser-Agent: weir/" WEIR_VERSION
               "\r\nContent-Type: application/x-ndjson\r\nContent-Encoding: gzip\r\n"
               "Content-Length: " +
                   std::to_string(request.body().size()) + "\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(headers_of_the_user_s_own_stand_in_place_of_ours) {
    weir::post_request request(post_format::ndjson, 100, 1000);
    batch_rest rest = rest_of({"a"});
    request.add(rest);
    request.finish(false);
    const post_options options = parse_options<post_options>(
        "http://u:p@h,header=Content-Type: text/x,host: other,authorization: Bearer t,X-A: 1");
    BOOST_TEST(post_head(options).of(request) ==
               "POST / HTTP/1.1\r\nUser-Agent: weir/" WEIR_VERSION
               "\r\nContent-Type: text/x\r\nhost: other\r\nauthorization: Bearer t\r\nX-A: 1\r\n"
               "Content-Length: 2\r\n\r\n");
}

BOOST_AUTO_TEST_CASE(json_is_told_from_what_only_looks_like_it) {
    for (const char* text : {"{}", "[]", "1", "-1.5e3", "\"a\"", "true", "null", " [1, 2] ",
                             R"({"a":{"b":[1,{"c":null}]}})"})
        BOOST_TEST(is_json(text), text);
    for (const char* text : {"", " ", "{", "}", "[1,]", "{'a':1}", "01", "nul", "1 2", "{}{}",
                             "\"\xff\"", "\"a\nb\"", "NaN", "// x"})
        BOOST_TEST(!is_json(text), text);
    BOOST_TEST(is_json(std::string(150, '[') + std::string(150, ']')));
    BOOST_TEST(!is_json(std::string(1'000'000, '[')));
}

BOOST_AUTO_TEST_SUITE_END()
