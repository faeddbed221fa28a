// The listener and gRPC's own C++ client on loopback.
#include "listeners/grpc.hpp"
#include "queues/topics.hpp"
#include "test/listeners/listening.hpp"

#include <boost/test/unit_test.hpp>
#include <grpcpp/grpcpp.h>
#include <string>
#include <thread>
#include <utility>
#include <vector>
#include <weir/v1/ingest.grpc.pb.h>

using namespace weir;

namespace {

using topic_and_data = std::pair<std::string, std::string>;

v1::Event event_of(const std::string& data, const std::string& topic = "") {
    v1::Event event;
    event.set_data(data);
    if (!topic.empty())
        event.set_topic(topic);
    return event;
}

struct pair_of {
    explicit pair_of(const std::string& options = "", const queue_options& how = {})
        : with("127.0.0.1:0" + options, how), reader(with.destination().subscribe()) {
        with.open().run();
        stub = v1::Ingest::NewStub(
            grpc::CreateChannel(with.bound(), grpc::InsecureChannelCredentials()));
    }
    grpc::Status publish(const v1::Event& event, const std::string& authorization = "") {
        grpc::ClientContext call;
        if (!authorization.empty())
            call.AddMetadata("authorization", authorization);
        v1::PublishReply reply;
        return stub->Publish(&call, event, &reply);
    }
    std::vector<topic_and_data> take() {
        std::vector<topic_and_data> all;
        while (const batch_ptr next = reader->try_take()) {
            const batch_topics& topics = topics_of(*next);
            std::size_t index = 0;
            for (const std::string_view message : *next)
                all.emplace_back(topics[index++], message);
        }
        return all;
    }
    std::uint64_t refused(refusal why) { return with.books.refused_messages[why].value(); }

    listening<grpc_listener, grpc_options> with;
    std::unique_ptr<queue_reader> reader;
    std::unique_ptr<v1::Ingest::Stub> stub;
};

} // namespace

BOOST_AUTO_TEST_SUITE(grpc_publishing)

BOOST_AUTO_TEST_CASE(one_event_is_published_with_its_topic) {
    pair_of both;
    BOOST_TEST(both.publish(event_of("1", "told")).ok());
    BOOST_TEST(both.publish(event_of(R"({"type":"own"})")).ok());
    BOOST_TEST(
        (both.take() == std::vector<topic_and_data>{{"told", "1"}, {"own", R"({"type":"own"})"}}));
    BOOST_TEST(both.with.books.received_messages.value() == 2u);
}

BOOST_AUTO_TEST_CASE(a_stream_is_published_in_few_batches_and_in_order) {
    pair_of both;
    constexpr int count = 20'000;
    grpc::ClientContext call;
    v1::Summary summary;
    const auto stream = both.stub->PublishStream(&call, &summary);
    for (int i = 0; i < count; ++i)
        stream->Write(event_of(std::to_string(i), i % 3 == 0 ? "a" : "b"));
    stream->WritesDone();
    BOOST_TEST(stream->Finish().ok());
    BOOST_TEST(summary.accepted() == static_cast<std::uint64_t>(count));
    BOOST_TEST(summary.refused() == 0u);
    const auto got = both.take();
    BOOST_REQUIRE(got.size() == count);
    for (int i = 0; i < count; ++i) {
        BOOST_TEST_REQUIRE(got[static_cast<std::size_t>(i)].second == std::to_string(i));
        BOOST_TEST_REQUIRE(got[static_cast<std::size_t>(i)].first == (i % 3 == 0 ? "a" : "b"));
    }
    both.with.take();
    BOOST_TEST(both.with.batches < static_cast<std::size_t>(count) / 2);
}

BOOST_AUTO_TEST_CASE(what_is_refused_is_counted) {
    pair_of both(",max-message=10B,token=right");
    const std::string right = "Bearer right";
    BOOST_TEST(both.publish(event_of("1")).error_code() == grpc::UNAUTHENTICATED);
    BOOST_TEST(both.publish(event_of("1"), "Bearer wrong").error_code() == grpc::UNAUTHENTICATED);
    BOOST_TEST(both.publish(event_of(""), right).error_code() == grpc::INVALID_ARGUMENT);
    BOOST_TEST(both.publish(event_of("12345678901"), right).error_code() ==
               grpc::RESOURCE_EXHAUSTED);
    BOOST_TEST(both.publish(event_of(std::string(8u << 20, 'x')), right).error_code() ==
               grpc::RESOURCE_EXHAUSTED); // by gRPC itself, which tells nobody
    BOOST_TEST(both.publish(event_of("1234567890"), right).ok());
    BOOST_TEST(both.refused(refusal::unauthorized) == 2u);
    BOOST_TEST(both.refused(refusal::empty) == 1u);
    BOOST_TEST(both.refused(refusal::oversize) == 1u);
    BOOST_TEST(both.take().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_that_blocks_holds_a_stream_back_and_its_end_lets_go) {
    queue_options small;
    small.bytes = 1u << 20;
    small.policy = when_full::block;
    pair_of both("", small);
    grpc::ClientContext call;
    v1::Summary summary;
    const auto stream = both.stub->PublishStream(&call, &summary);
    std::thread sender([&] {
        while (stream->Write(event_of(std::string(100'000, 'x'))))
            ;
    });
    BOOST_TEST(both.with.settled(5));
    both.with.stop();
    both.with.destination().close();
    BOOST_TEST(both.with.ended());
    const grpc::Status status = stream->Finish();
    sender.join();
    BOOST_TEST(status.error_code() == grpc::UNAVAILABLE);
    BOOST_TEST(both.with.books.received_messages.value() < 40u);
    BOOST_TEST(both.refused(refusal::queue_full) == 0u);
}

BOOST_AUTO_TEST_CASE(stop_now_ends_a_stream_that_waits) {
    queue_options small;
    small.bytes = 1u << 20;
    small.policy = when_full::block;
    pair_of both("", small);
    grpc::ClientContext call;
    v1::Summary summary;
    const auto stream = both.stub->PublishStream(&call, &summary);
    std::thread sender([&] {
        while (stream->Write(event_of(std::string(100'000, 'x'))))
            ;
    });
    BOOST_TEST(both.with.settled(5));
    both.with.stop();
    both.with.stop_now();
    BOOST_TEST(stream->Finish().error_code() == grpc::UNAVAILABLE);
    sender.join();
    both.with.destination().close();
    BOOST_TEST(both.with.ended());
}

BOOST_AUTO_TEST_CASE(wrong_options_are_usage_errors) {
    for (const char* options :
         {",max-message=0B", ",max-streams=0", ",cert=x", ",key=x", ",history=1KiB"})
        BOOST_CHECK_THROW((listening<grpc_listener, grpc_options>(std::string(":0") + options)),
                          usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
