#include "listeners/accept_span.hpp"

#include "test/listeners/span_list.hpp"

#include <boost/test/unit_test.hpp>

using namespace weir;

namespace {

const std::string ids = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7";

struct taken {
    std::shared_ptr<const trace_context> carried;
    std::vector<trace_span> spans;
};

taken take(span_list* to, std::string_view name = "", std::string_view value = "") {
    trace_fields fields;
    fields.take(name, value);
    weir::accept_span span;
    listener_books books;
    taken out;
    out.carried = span.begin(fields, to, receive_clock::now());
    span.end(to, books, 3, true);
    span.end(to, books, 3, true); // once is enough
    if (to)
        out.spans = to->all();
    return out;
}

} // namespace

BOOST_AUTO_TEST_SUITE(accept_span)

BOOST_AUTO_TEST_CASE(without_a_recorder_a_context_is_carried_as_it_came) {
    BOOST_TEST(!take(nullptr).carried);
    for (const std::string flags : {"-00", "-01"}) {
        const taken got = take(nullptr, "traceparent", "00-" + ids + flags);
        BOOST_REQUIRE(got.carried);
        BOOST_TEST(to_traceparent(*got.carried) == "00-" + ids + flags);
    }
}

BOOST_AUTO_TEST_CASE(the_caller_decides_on_sampling) {
    span_list none(true);
    const taken no = take(&none, "traceparent", "00-" + ids + "-00");
    BOOST_TEST(no.spans.empty());
    BOOST_REQUIRE(no.carried);
    BOOST_TEST(to_traceparent(*no.carried) == "00-" + ids + "-00");
    BOOST_TEST(!take(&none, "b3", "0").carried);
    BOOST_TEST(none.all().empty());

    span_list one(false);
    const taken yes = take(&one, "traceparent", "00-" + ids + "-01");
    BOOST_REQUIRE(yes.spans.size() == 1u);
    BOOST_REQUIRE(yes.carried);
    BOOST_TEST(to_hex(yes.spans[0].trace) == ids.substr(0, 32));
    BOOST_TEST(to_hex(yes.spans[0].parent) == ids.substr(33));
    BOOST_TEST((yes.carried->span == yes.spans[0].id));
    BOOST_TEST((yes.carried->trace == yes.spans[0].trace));
    BOOST_TEST(yes.spans[0].messages == 3u);
    BOOST_TEST(!yes.spans[0].failed);
}

BOOST_AUTO_TEST_CASE(what_nobody_has_decided_on_the_recorder_decides) {
    span_list no(false);
    BOOST_TEST(!take(&no).carried);
    BOOST_TEST(!take(&no, "b3", ids).carried->sampled());
    BOOST_TEST(no.all().empty());

    span_list first(true);
    const taken fresh = take(&first);
    BOOST_REQUIRE(fresh.spans.size() == 1u);
    BOOST_TEST((fresh.spans[0].parent == span_id()));
    BOOST_TEST((fresh.carried->trace == fresh.spans[0].trace));
    BOOST_TEST(parse_traceparent(to_traceparent(*fresh.carried)).has_value());
    BOOST_TEST(fresh.carried->sampled());
    span_list second(true);
    BOOST_TEST((take(&second).carried->trace != fresh.carried->trace));
    span_list open(true);
    BOOST_TEST(to_hex(take(&open, "b3", ids).spans.at(0).trace) == ids.substr(0, 32));
}

BOOST_AUTO_TEST_SUITE_END()
