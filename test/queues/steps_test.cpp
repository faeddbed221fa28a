#include "queues/steps/pipeline.hpp"

#include "queues/steps/thinning_steps.hpp"
#include "queues/topics.hpp"
#include "test/queues/queue_helpers.hpp"
#include "wire/member_path.hpp"

#include <boost/json/parse.hpp>

using namespace weir;
using namespace weir::test;
using strings = std::vector<std::string>;

namespace {

std::vector<ordered_option> parse(std::string_view text) {
    std::vector<ordered_option> list;
    option_set set;
    declare_steps(set, list);
    set.parse(text);
    return list;
}

std::string error_of(std::string_view text) {
    try {
        parse(text);
    } catch (const usage_error& wrong) {
        return wrong.what();
    }
    return "no error";
}

strings messages(const batch_ptr& of) {
    return of ? strings(of->begin(), of->end()) : strings{"null"};
}

strings topics_in(const batch_ptr& of) {
    strings all;
    for (std::size_t i = 0; i < of->size(); ++i)
        all.emplace_back(topics_of(*of)[i]);
    return all;
}

batch_ptr of_topic(const char* topic, std::initializer_list<std::string_view> messages) {
    batch_origin origin(7);
    origin.topic = std::make_shared<const std::string>(topic);
    batch_builder builder(origin);
    for (std::string_view each : messages)
        builder.append(each);
    return builder.finish();
}

batch_ptr run(std::string_view text, const batch_ptr& to) {
    pipeline steps;
    steps.add(parse(text));
    return steps.apply(to, 1);
}

strings after(std::string_view text, std::initializer_list<std::string_view> messages_in) {
    return messages(run(text, make_batch(messages_in)));
}

constexpr auto a = R"({"type":"a"})";
constexpr auto b = R"({"type":"b"})";
constexpr auto split = "{\"type\":\n\"b\"}"; // one message, though it has a newline

const std::vector<std::string> listener_names{"zero", "udp 127.0.0.1:9000"};

} // namespace

#define TEST_SAME(left, ...)                                                                       \
    BOOST_TEST((left) == (strings __VA_ARGS__), boost::test_tools::per_element())

BOOST_AUTO_TEST_SUITE(steps)

BOOST_AUTO_TEST_CASE(topics_that_are_wanted_are_kept) {
    const batch_ptr mixed = make_batch({a, "text", split, a});
    TEST_SAME(messages(run("filter=a", mixed)), {a, a});
    TEST_SAME(messages(run("filter=!a", mixed)), {"text", split});
    BOOST_TEST(run("filter=*", mixed).get() == mixed.get());
    BOOST_TEST(!run("filter=c", mixed));
    const batch_ptr kept = run("filter=b", mixed);
    TEST_SAME(topics_in(kept), {"b"});
    BOOST_TEST((kept->received() == mixed->received()));
    BOOST_TEST(kept->source() == mixed->source());

    const batch_ptr named = of_topic("a", {"x", "y"});
    BOOST_TEST(run("filter=a", named).get() == named.get());
    BOOST_TEST(!run("filter=b", named));
}

BOOST_AUTO_TEST_CASE(topics_are_one_list_where_the_first_of_them_stands) {
    const auto in = {std::string_view(a), std::string_view(b), std::string_view("text")};
    TEST_SAME(after("filter=a,b", in), {a, b});
    TEST_SAME(after("filter=a,filter=b", in), {a, b});
    TEST_SAME(after("filter=a,filter=type!=c,filter=b", in), {a, b});
    TEST_SAME(after("filter=a,b,filter=!b", in), {a});
}

BOOST_AUTO_TEST_CASE(members_are_compared_by_what_they_say) {
    const auto in = {std::string_view(R"({"s":"x","n":1.50,"b":true,"o":{"p":"/api/v1"}})"),
                     std::string_view(R"({"s":"\u0078y","n":"1.50","b":null})"),
                     std::string_view("text"), std::string_view("[\"s\"]")};
    const std::string first(*in.begin());
    const std::string second(*(in.begin() + 1));
    TEST_SAME(after("filter=s=x", in), {first});
    TEST_SAME(after("filter=s=xy", in), {second});
    TEST_SAME(after("filter=s!=x", in), {second, "text", "[\"s\"]"});
    TEST_SAME(after("filter=n=1.50", in), {first, second});
    TEST_SAME(after("filter=n=1.5", in), {"null"});
    TEST_SAME(after("filter=b=true", in), {first});
    TEST_SAME(after("filter=b=null", in), {second});
    TEST_SAME(after("filter=o.p~^/api/", in), {first});
    TEST_SAME(after("filter=o.p!~^/api/", in), {second, "text", "[\"s\"]"});
    TEST_SAME(after("filter=s~^x", in), {first, second});
    TEST_SAME(after("filter=s~x$", in), {first});
    TEST_SAME(after("filter=o={\"p\":\"/api/v1\"}", in), {first});
    TEST_SAME(after("filter=s=", in), {"null"});
    TEST_SAME(after("filter=s=x,filter=b=true", in), {first});
    TEST_SAME(after("filter=s=x,filter=b=false", in), {"null"});
    TEST_SAME(after(R"(filter=a\=b=c)", {R"({"a=b":"c"})", R"({"a":"b=c"})"}), {R"({"a=b":"c"})"});
    TEST_SAME(after("filter=a=b=c", {R"({"a":"b=c"})"}), {R"({"a":"b=c"})"});
}

BOOST_AUTO_TEST_CASE(pick_drop_and_add_edit_objects_only) {
    const auto in = {std::string_view(R"({"a":1,"b":{"c":2,"d":3}})"), std::string_view("text"),
                     std::string_view("[1]"), std::string_view("{\"a\":")};
    TEST_SAME(after("pick=a", in), {R"({"a":1})", "text", "[1]", "{\"a\":"});
    TEST_SAME(after("pick=a,b.c", in), {R"({"a":1,"b":{"c":2}})", "text", "[1]", "{\"a\":"});
    TEST_SAME(after("pick=b.c,pick=a", in), {R"({"a":1,"b":{"c":2}})", "text", "[1]", "{\"a\":"});
    TEST_SAME(after("drop=a,b.c", in), {R"({"b":{"d":3}})", "text", "[1]", "{\"a\":"});
    TEST_SAME(after("add=region=eu", in),
              {R"({"a":1,"b":{"c":2,"d":3},"region":"eu"})", "text", "[1]", "{\"a\":"});
    TEST_SAME(after("add=r=eu,add=n:=[1\\,2],add=r=us", {"{}"}), {R"({"r":"us","n":[1,2]})"});
    TEST_SAME(after(R"(add=a\.b="x")", {"{}"}), {R"({"a.b":"\"x\""})"});
    const batch_ptr same = make_batch({"{\"a\":1}", "text"});
    BOOST_TEST(run("drop=b", same).get() == same.get());
}

BOOST_AUTO_TEST_CASE(what_is_no_object_is_counted_once) {
    counter untouched;
    pipeline steps(nullptr, &untouched);
    steps.add(parse("add=a=b,drop=c,pick=a"));
    steps.apply(make_batch({"text", "{}", "[]"}), 1);
    BOOST_TEST(untouched.value() == 2u);
}

BOOST_AUTO_TEST_CASE(steps_run_in_their_order) {
    const auto in = {std::string_view(R"({"a":1,"b":2})")};
    TEST_SAME(after("add=c=3,pick=a,c", in), {R"({"a":1,"c":"3"})"});
    TEST_SAME(after("pick=a,c,add=c=3", in), {R"({"a":1,"c":"3"})"});
    TEST_SAME(after("pick=a,add=c=3,drop=c", in), {R"({"a":1})"});
    TEST_SAME(after("drop=c,pick=a,add=c=3", in), {R"({"a":1,"c":"3"})"});
    TEST_SAME(after("pick=b,filter=a=1", in), {"null"});
    TEST_SAME(after("filter=a=1,pick=b", in), {R"({"b":2})"});
    TEST_SAME(after("pick=a,add=x=y,pick=b", in), {"{}"});
}

BOOST_AUTO_TEST_CASE(an_envelope_says_what_weir_knows) {
    pipeline steps(&listener_names);
    steps.add(parse("envelope,filter=data.n=2,add=region=eu,drop=time"));
    batch_builder builder(1);
    for (const char* each : {R"({"type":"a","n":1})", R"({"type":"b","n":2})", "\xff"})
        builder.append(each);
    const batch_ptr out = steps.apply(builder.finish(), 41);
    TEST_SAME(messages(out), {R"({"seq":42,"listener":"udp 127.0.0.1:9000","topic":"b",)"
                              R"("data":{"type":"b","n":2},"region":"eu"})"});
    TEST_SAME(topics_in(out), {"b"});
}

BOOST_AUTO_TEST_CASE(an_envelope_holds_what_is_no_json) {
    for (const char* text : {"text", "{\"a\":", "\xff\xfe", "two\nlines", "[1,\n2]"}) {
        const strings out = after("envelope", {text});
        const auto value = boost::json::parse(out.at(0));
        BOOST_TEST(value.at("topic") == "");
        BOOST_TEST(value.as_object().contains("data"));
        BOOST_TEST(out.at(0).find('\n') == std::string::npos);
    }
    TEST_SAME(after("envelope,pick=data", {"\"s\"", "x"}), {R"({"data":"s"})", R"({"data":"x"})"});
}

BOOST_AUTO_TEST_CASE(an_event_keeps_the_topic_it_came_with) {
    const batch_ptr mixed = make_batch({a, "text", b});
    for (const char* text : {"drop=type", "pick=x", "add=type=c", "envelope", "envelope,pick=data",
                             "pick=type,add=n=1", "drop=n,x", "add=x=type"})
        TEST_SAME(topics_in(run(text, mixed)), {"a", "", "b"});
    TEST_SAME(topics_in(run("drop=type,filter=a", mixed)), {"a"});
    TEST_SAME(topics_in(run("pick=x", of_topic("told", {a, b}))), {"told", "told"});
    TEST_SAME(topics_in(run("sample=1/1,filter=type!=a", mixed)), {"", "b"});
}

BOOST_AUTO_TEST_CASE(messages_with_newlines_stay_one) {
    TEST_SAME(after("filter=!a", {a, split, "x\ny", ""}), {split, "x\ny", ""});
    TEST_SAME(after("add=n:=1", {"{\"a\":\n[1,\n2]}"}), {"{\"a\":[1,\n2],\"n\":1}"});
}

BOOST_AUTO_TEST_CASE(a_sample_is_steady_and_fair) {
    constexpr std::size_t all = 100'000;
    batch_builder builder(1);
    for (std::size_t i = 0; i < all; ++i)
        builder.append(R"({"n":)" + std::to_string(i) + R"(,"account":"k)" +
                       std::to_string(i % 1000) + "\"}");
    const batch_ptr in = builder.finish();
    const strings percent = messages(run("sample=1/100", in));
    BOOST_TEST(percent.size() > 900u);
    BOOST_TEST(percent.size() < 1100u);
    // Whatever other steps do, and however much of a larger sample is taken.
    TEST_SAME(messages(run("add=x=y,sample=1/100,drop=x", in)), (percent));
    TEST_SAME(messages(run("sample=1/10,sample=1/100", in)), (percent));
    BOOST_TEST(run("sample=7/7", in).get() == in.get());

    const batch_ptr by_account = run("sample=1/10:account", in);
    BOOST_TEST(by_account->size() % 100 == 0u); // of an account all or none
    BOOST_TEST(by_account->size() > 7'000u);
    BOOST_TEST(by_account->size() < 13'000u);
    // A name is the same however it is written, and what has no such member goes by its bytes.
    std::size_t both = 0;
    for (const char digit : std::string_view("0123456789abcdef")) {
        const std::string code = std::string("6") + digit; // of a letter or two signs beside them
        const std::string plain = value_text("\"\\u00" + code + "\"");
        const auto pair = make_batch({std::string(R"({"account":")") + plain + "\"}",
                                      R"({"x":2,"account":"\u00)" + code + "\"}"});
        const batch_ptr out = run("sample=1/2:account", pair);
        BOOST_TEST((!out || out->size() == 2));
        both += out ? 1 : 0;
    }
    BOOST_TEST(both > 0u);
    BOOST_TEST(both < 16u);
    BOOST_TEST((messages(run("sample=1/10:none", in)) == messages(run("sample=1/10", in))));
}

BOOST_AUTO_TEST_CASE(the_hash_is_the_same_for_ever) {
    BOOST_TEST(steady_hash("") == 17280346270528514342u);
    BOOST_TEST(steady_hash("{\"a\":1}") == 14417800028732052528u);
}

BOOST_AUTO_TEST_CASE(a_bucket_refills_steadily) {
    using namespace std::chrono_literals;
    const token_bucket::clock::time_point start(100s);
    token_bucket bucket(4, 1s);
    const auto takes = [&] {
        int taken = 0;
        while (bucket.take())
            ++taken;
        return taken;
    };
    bucket.refill(start);
    BOOST_TEST(takes() == 4);
    bucket.refill(start + 240ms);
    BOOST_TEST(takes() == 0);
    bucket.refill(start + 250ms);
    BOOST_TEST(takes() == 1);
    bucket.refill(start + 200ms); // never backwards
    BOOST_TEST(takes() == 0);
    bucket.refill(start + 750ms);
    BOOST_TEST(takes() == 2);
    bucket.refill(start + 1h);
    BOOST_TEST(takes() == 4);
}

BOOST_AUTO_TEST_CASE(a_rate_lets_so_many_pass_at_once) {
    TEST_SAME(after("rate=2/h", {"1", "2", "3", "4"}), {"1", "2"});
    TEST_SAME(after("filter=!a,rate=1/h", {a, "2", "3"}), {"2"});
    TEST_SAME(after("rate=1/h,filter=!a", {a, "2", "3"}), {"null"});
}

BOOST_AUTO_TEST_CASE(other_steps_are_taken_at_the_next_batch) {
    pipeline steps;
    const batch_ptr batch = of_topic("a", {"1", "2"});
    BOOST_TEST(steps.apply(batch, 1).get() == batch.get());
    const auto become = [&](std::string_view text) {
        auto next = std::make_unique<pipeline>();
        if (!text.empty())
            next->add(parse(text));
        steps.become(std::move(next));
    };
    become("filter=b");
    TEST_SAME(messages(steps.apply(batch, 1)), {"null"});
    TEST_SAME(messages(steps.apply(of_topic("b", {"1"}), 3)), {"1"});
    become("filter=b");
    become("sample=1/2:x,filter=a"); // the last of two
    TEST_SAME(messages(steps.apply(of_topic("b", {"1"}), 4)), {"null"});
    become("");
    BOOST_TEST(steps.apply(batch, 5).get() == batch.get());
}

BOOST_AUTO_TEST_CASE(wrong_steps_are_told) {
    BOOST_TEST(error_of("filter=a*b").starts_with("option filter: 'a*b' is no topic"));
    BOOST_TEST(error_of("filter==x").starts_with("option filter: '' is no member"));
    BOOST_TEST(error_of("filter=a..b=x").starts_with("option filter: 'a..b' is no member"));
    BOOST_TEST(error_of("filter=a~[").starts_with("option filter: '[' is no regular expression"));
    BOOST_TEST(error_of("pick=a.").starts_with("option pick: 'a.' is no member"));
    BOOST_TEST(error_of("drop=").starts_with("option drop: '' is no member"));
    BOOST_TEST(error_of("add=a").starts_with("option add: 'a' is no member: NAME=TEXT"));
    BOOST_TEST(error_of("add=a.b=c").starts_with("option add: 'a.b' is a member of a member"));
    BOOST_TEST(error_of("add=a:=b").starts_with("option add: 'b' is no JSON"));
    for (const char* text : {"1", "0/5", "6/5", "1/0", "1/x", "x/1", "/", "1/100:", "-1/5"})
        BOOST_TEST(error_of("sample=" + std::string(text)).starts_with("option sample: '"), text);
    for (const char* text : {"1", "0/s", "1/", "1/d", "x/s", "1.5/s", "/s", "1/ss"})
        BOOST_TEST(error_of("rate=" + std::string(text)).starts_with("option rate: '"), text);
    BOOST_TEST(parse("pick=a,envelope").at(1).name == "envelope");
    BOOST_TEST(parse("envelope=off").empty());
}

BOOST_AUTO_TEST_SUITE_END()
