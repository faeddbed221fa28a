#include "wire/resp.hpp"

#include <boost/test/unit_test.hpp>
#include <optional>

using namespace weir;
using step = resp_reader::step;

namespace {

resp_value text(resp_kind kind, std::string what) { return {kind, std::move(what), 0, {}}; }
resp_value integer(std::int64_t n) { return {resp_kind::integer, "", n, {}}; }
resp_value array(std::vector<resp_value> items) {
    return {resp_kind::array, "", 0, std::move(items)};
}

// All replies; nothing where it ends in a fault.
std::optional<std::vector<resp_value>> read(std::string_view bytes, std::size_t piece,
                                            resp_limits limits = {}) {
    resp_reader reader(limits);
    std::vector<resp_value> out;
    while (!bytes.empty()) {
        reader.feed(bytes.substr(0, piece));
        bytes.remove_prefix(std::min(piece, bytes.size()));
        resp_value value;
        step got = reader.next(value);
        for (; got == step::value; got = reader.next(value))
            out.push_back(value);
        if (got == step::fault)
            return std::nullopt;
    }
    BOOST_TEST(reader.empty());
    return out;
}

bool faulty(std::string_view bytes, resp_limits limits = {}) {
    for (const std::size_t piece : {bytes.size(), std::size_t{1}})
        if (read(bytes, piece, limits))
            return false;
    return true;
}

} // namespace

BOOST_AUTO_TEST_SUITE(resp)

BOOST_AUTO_TEST_CASE(every_kind_of_reply_however_it_is_cut) {
    const std::string bytes =
        "+OK\r\n-ERR no\r\n:-42\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
        "*3\r\n:1\r\n*2\r\n+a\r\n*1\r\n$1\r\nx\r\n$-1\r\n:9223372036854775807\r\n";
    const std::vector<resp_value> expected{
        text(resp_kind::status, "OK"),
        text(resp_kind::error, "ERR no"),
        integer(-42),
        text(resp_kind::bulk, "a\r\nbc"),
        text(resp_kind::bulk, ""),
        {},
        {},
        array({}),
        array({integer(1),
               array({text(resp_kind::status, "a"), array({text(resp_kind::bulk, "x")})}),
               {}}),
        integer(9223372036854775807)};
    for (std::size_t piece = 1; piece <= bytes.size(); ++piece)
        BOOST_TEST((read(bytes, piece) == expected), piece);
    for (std::size_t first = 1; first < bytes.size(); ++first) {
        resp_reader reader;
        std::vector<resp_value> out;
        resp_value value;
        for (const auto& part : {bytes.substr(0, first), bytes.substr(first)}) {
            reader.feed(part);
            while (reader.next(value) == step::value)
                out.push_back(value);
        }
        BOOST_TEST((out == expected), first);
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_reply_is_a_fault_for_good) {
    for (const char* bytes :
         {"\r\n", "hello\r\n", "%1\r\n", "_\r\n", ":\r\n", ":1x\r\n", ":+1\r\n", ": 1\r\n",
          ":9223372036854775808\r\n", "$-2\r\n", "*-2\r\n", "$x\r\n", "$1\r\nab\r\n", "$1\r\na\rb",
          "+a\nb\r\n", "-a\rb\r\n", "*1\r\n?\r\n"})
        BOOST_TEST(faulty(bytes), bytes);
    resp_reader reader;
    reader.feed("?\r\n+OK\r\n");
    resp_value value;
    BOOST_TEST((reader.next(value) == step::fault));
    BOOST_TEST((reader.next(value) == step::fault));
    reader.reset();
    reader.feed("+OK\r\n");
    BOOST_TEST((reader.next(value) == step::value));
    BOOST_TEST(value.is_status("OK"));
}

BOOST_AUTO_TEST_CASE(a_reply_is_bounded) {
    resp_limits limits;
    limits.line = 4;
    BOOST_TEST(!faulty("+1234\r\n", limits));
    BOOST_TEST(faulty("+12345\r\n", limits));
    BOOST_TEST(faulty("+123456", limits)); // before its end has come
    limits = {};
    limits.bytes = 8;
    BOOST_TEST(!faulty("*2\r\n$4\r\n1234\r\n$4\r\n5678\r\n", limits));
    BOOST_TEST(!faulty("$8\r\n12345678\r\n$8\r\n12345678\r\n", limits)); // of each reply
    BOOST_TEST(faulty("$9\r\n", limits));
    BOOST_TEST(faulty("*2\r\n$4\r\n1234\r\n$5\r\n", limits));
    BOOST_TEST(faulty("*2\r\n+1234\r\n+56789\r\n", limits));
    limits = {};
    limits.elements = 4;
    BOOST_TEST(!faulty("*3\r\n:1\r\n:2\r\n:3\r\n", limits));
    BOOST_TEST(faulty("*4\r\n", limits));
    BOOST_TEST(faulty("*3\r\n*1\r\n:1\r\n*1\r\n:1\r\n", limits));
    limits = {};
    limits.depth = 2;
    BOOST_TEST(!faulty("*1\r\n*1\r\n:1\r\n", limits));
    BOOST_TEST(faulty("*1\r\n*1\r\n*1\r\n:1\r\n", limits));
    BOOST_TEST(faulty("$9223372036854775807\r\n"));
    BOOST_TEST(faulty("*9223372036854775807\r\n"));
}

BOOST_AUTO_TEST_CASE(a_long_stream_is_not_kept) {
    resp_reader reader;
    const std::string reply = "$1000\r\n" + std::string(1000, 'x') + "\r\n";
    std::size_t replies = 0;
    for (int i = 0; i < 1000; ++i) {
        reader.feed(reply);
        resp_value value;
        while (reader.next(value) == step::value)
            replies += value.text.size() == 1000;
        BOOST_TEST(reader.empty());
    }
    BOOST_TEST(replies == 1000u);
}

BOOST_AUTO_TEST_CASE(commands_are_arrays_of_any_bytes) {
    std::string out;
    append_command(out, {"HINCRBY", "a\r\nb", "", "2"});
    BOOST_TEST(out == "*4\r\n$7\r\nHINCRBY\r\n$4\r\na\r\nb\r\n$0\r\n\r\n$1\r\n2\r\n");
}

BOOST_AUTO_TEST_SUITE_END()
