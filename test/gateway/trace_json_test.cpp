#include "gateway/trace_json.hpp"

#include "gateway/trace_options.hpp"

#include <boost/json.hpp>
#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

struct two_spans {
    two_spans() {
        http.listener = "http";
        http.address = "127.0.0.1:8080";
        post.sink = "post";
        post.target = "http://a \"b\"/";
        trace_span accept;
        accept.trace.fill(0x11);
        accept.id.fill(0x22);
        accept.begin = receive_clock::time_point(std::chrono::microseconds(1'700'000'000'000'001));
        accept.end = accept.begin; // takes no time that can be told
        accept.messages = 3;
        accept.listener = &http;
        trace_span delivery = accept;
        delivery.kind = span_kind::delivery;
        delivery.parent = accept.id;
        delivery.id.fill(0x33);
        delivery.end = accept.begin + std::chrono::microseconds(250);
        delivery.listener = nullptr;
        delivery.sink = &post;
        delivery.failed = true;
        delivery.linked_trace.fill(0x44);
        delivery.linked_span.fill(0x55);
        spans = {accept, delivery};
    }
    listener_books http;
    sink_books post;
    std::vector<trace_span> spans;
};

std::string text_of(const boost::json::value& value) {
    return std::string(value.as_string().begin(), value.as_string().end());
}

} // namespace

BOOST_AUTO_TEST_SUITE(trace_json)

BOOST_AUTO_TEST_CASE(zipkin) {
    const two_spans of;
    const auto list = boost::json::parse(zipkin_json(of.spans)).as_array();
    BOOST_REQUIRE(list.size() == 2u);
    const auto& accept = list[0].as_object();
    BOOST_TEST(text_of(accept.at("traceId")) == std::string(32, '1'));
    BOOST_TEST(text_of(accept.at("id")) == std::string(16, '2'));
    BOOST_TEST(!accept.contains("parentId"));
    BOOST_TEST(accept.at("kind") == "SERVER");
    BOOST_TEST(accept.at("name") == "accept http");
    BOOST_TEST(accept.at("timestamp").as_int64() == 1'700'000'000'000'001);
    BOOST_TEST(accept.at("duration").as_int64() == 1);
    BOOST_TEST(accept.at("tags").at("weir.messages") == "3");
    BOOST_TEST(!accept.at("tags").as_object().contains("error"));
    const auto& delivery = list[1].as_object();
    BOOST_TEST(text_of(delivery.at("parentId")) == std::string(16, '2'));
    BOOST_TEST(delivery.at("kind") == "CLIENT");
    BOOST_TEST(delivery.at("duration").as_int64() == 250);
    BOOST_TEST(delivery.at("tags").at("weir.target") == "http://a \"b\"/");
    BOOST_TEST(delivery.at("tags").as_object().contains("error"));
    BOOST_TEST(text_of(delivery.at("tags").at("weir.sent_under")) ==
               std::string(32, '4') + "-" + std::string(16, '5'));
    BOOST_TEST(boost::json::parse(zipkin_json({})).as_array().empty());
}

BOOST_AUTO_TEST_CASE(otlp) {
    const two_spans of;
    const auto document = boost::json::parse(otlp_json(of.spans));
    const auto& spans = document.at_pointer("/resourceSpans/0/scopeSpans/0/spans").as_array();
    BOOST_REQUIRE(spans.size() == 2u);
    const auto& accept = spans[0].as_object();
    BOOST_TEST(text_of(accept.at("traceId")) == std::string(32, '1'));
    BOOST_TEST(text_of(accept.at("spanId")) == std::string(16, '2'));
    BOOST_TEST(accept.at("kind").as_int64() == 2);
    BOOST_TEST(accept.at("startTimeUnixNano") == "1700000000000001000");
    BOOST_TEST(!accept.contains("status"));
    BOOST_TEST(!accept.contains("links"));
    const auto& delivery = spans[1].as_object();
    BOOST_TEST(text_of(delivery.at("parentSpanId")) == std::string(16, '2'));
    BOOST_TEST(delivery.at("endTimeUnixNano") == "1700000000000251000");
    BOOST_TEST(delivery.at("kind").as_int64() == 3);
    BOOST_TEST(delivery.at("status").at("code").as_int64() == 2);
    BOOST_TEST(text_of(delivery.at("links").at(0).at("traceId")) == std::string(32, '4'));
    BOOST_TEST(text_of(delivery.at("links").at(0).at("spanId")) == std::string(16, '5'));
}

BOOST_AUTO_TEST_CASE(what_otlp_rejects) {
    BOOST_TEST(otlp_rejected_spans("") == 0u);
    BOOST_TEST(otlp_rejected_spans("{}") == 0u);
    BOOST_TEST(otlp_rejected_spans("\x0a\x02\x08\x05") == 0u); // in protocol buffers
    BOOST_TEST(otlp_rejected_spans(R"({"partialSuccess":{}})") == 0u);
    BOOST_TEST(otlp_rejected_spans(R"({"partialSuccess":{"errorMessage":"slower!"}})") == 0u);
    BOOST_TEST(otlp_rejected_spans(R"({"partialSuccess":{"rejectedSpans":"12"}})") == 12u);
    BOOST_TEST(otlp_rejected_spans(R"({"partialSuccess":{"rejectedSpans":12}})") == 12u);
    for (const std::string_view nonsense : {"\"-1\"", "-1", "\"x\"", "null", "[]", "1e300"})
        BOOST_TEST(otlp_rejected_spans(R"({"partialSuccess":{"rejectedSpans":)" +
                                       std::string(nonsense) + "}}") == 0u,
                   nonsense);
}

BOOST_AUTO_TEST_CASE(options) {
    trace_options o;
    from_text("zipkin:http://127.0.0.1:9411", o);
    BOOST_TEST(o.to.url.target == "/api/v2/spans");
    BOOST_TEST(o.sample.value == 0.01);
    from_text("otlp:https://user:secret@collector.example.org/own/path,sample=1", o);
    BOOST_TEST(o.to.url.target == "/own/path");
    BOOST_TEST(o.sample.value == 1);
    BOOST_TEST(to_text(o).find("secret") == std::string::npos);
    for (const std::string_view wrong :
         {"", "zipkin", "zipkin:", "jaeger:http://x/", "http://127.0.0.1/", "otlp:ftp://x/",
          "otlp:http://x/,sample=2", "otlp:http://x/,sample=-0.1", "otlp:http://x/,sample=nan",
          "otlp:http://x/,sample=", "otlp:http://x/,sample=1%"})
        BOOST_CHECK_THROW(from_text(wrong, o), usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
