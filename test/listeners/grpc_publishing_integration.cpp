// The listener and gRPC's own C++ client on loopback.
#include "listeners/grpc.hpp"
#include "queues/topics.hpp"
#include "test/listeners/listening.hpp"

#include <boost/test/unit_test.hpp>
#include <future>
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
    // Until one call is under way, with events that wait for space.
    bool waits() {
        constexpr std::size_t port = 3; // it accepts, sweeps, and watches its connections
        return eventually([&] { return with.running() == port + 2; });
    }

    listening<grpc_listener, grpc_options> with;
    std::unique_ptr<queue_reader> reader;
    std::unique_ptr<v1::Ingest::Stub> stub;
};

queue_options small_and_blocking() {
    queue_options small;
    small.bytes = 1u << 20;
    small.policy = when_full::block;
    return small;
}

// A stream that fills the queue, which nobody reads, and waits with more.
struct waiting_stream : pair_of {
    waiting_stream()
        : pair_of("", small_and_blocking()), stream(stub->PublishStream(&call, &summary)),
          sender([this] {
              while (stream->Write(event_of(std::string(100'000, 'x'))))
                  ;
          }) {
        BOOST_TEST(with.settled(5));
    }
    grpc::StatusCode end() {
        const grpc::Status status = stream->Finish();
        sender.join();
        return status.error_code();
    }

    grpc::ClientContext call;
    v1::Summary summary;
    const std::unique_ptr<grpc::ClientWriter<v1::Event>> stream;
    std::thread sender;
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
               grpc::RESOURCE_EXHAUSTED);
    BOOST_TEST(both.publish(event_of("1234567890"), right).ok());
    BOOST_TEST(both.refused(refusal::unauthorized) == 2u);
    BOOST_TEST(both.refused(refusal::empty) == 1u);
    BOOST_TEST(both.refused(refusal::oversize) == 2u);
    BOOST_TEST(both.take().size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_full_queue_that_blocks_holds_a_stream_back_and_its_end_lets_go) {
    waiting_stream both;
    both.with.stop();
    both.with.destination().close();
    BOOST_TEST(both.with.ended());
    BOOST_TEST(both.end() == grpc::UNAVAILABLE);
    BOOST_TEST(both.with.books.received_messages.value() < 40u);
    BOOST_TEST(both.refused(refusal::queue_full) == 0u);
}

BOOST_AUTO_TEST_CASE(stop_now_ends_a_stream_that_waits) {
    waiting_stream both;
    both.with.stop();
    both.with.stop_now();
    BOOST_TEST(both.end() == grpc::UNAVAILABLE);
    both.with.destination().close();
    BOOST_TEST(both.with.ended());
}

BOOST_AUTO_TEST_CASE(stop_now_says_that_a_whole_stream_is_not_in_the_queue) {
    pair_of both("", small_and_blocking());
    grpc::ClientContext call;
    v1::Summary summary;
    const auto stream = both.stub->PublishStream(&call, &summary);
    for (const std::size_t length : {480'000u, 480'000u, 120'000u}) // reading on for a millisecond
        stream->Write(event_of(std::string(length, 'x')));
    stream->WritesDone();
    BOOST_TEST(both.waits());
    both.with.stop();
    both.with.stop_now();
    BOOST_TEST(stream->Finish().error_code() == grpc::UNAVAILABLE);
    both.with.destination().close();
    BOOST_TEST(both.with.ended());
    BOOST_TEST(both.refused(refusal::closing) == 1u);
}

BOOST_AUTO_TEST_CASE(one_event_that_waits_when_the_queue_closes_is_told_so) {
    pair_of both("", small_and_blocking());
    const v1::Event large = event_of(std::string(480'000, 'x'));
    BOOST_TEST((both.publish(large).ok() && both.publish(large).ok()));
    auto third = std::async(std::launch::async, [&] { return both.publish(large); });
    BOOST_TEST(both.waits());
    both.with.stop();
    both.with.destination().close();
    BOOST_TEST(third.get().error_code() == grpc::UNAVAILABLE);
    BOOST_TEST(both.refused(refusal::closing) == 1u);
}

BOOST_AUTO_TEST_CASE(stop_ends_a_call_whose_event_does_not_come) {
    pair_of both;
    const auto channel = grpc::CreateChannel(both.with.bound(), grpc::InsecureChannelCredentials());
    grpc::ClientContext call;
    v1::PublishReply reply;
    const std::unique_ptr<grpc::ClientWriter<v1::Event>> waiting(
        grpc::internal::ClientWriterFactory<v1::Event>::Create(
            channel.get(),
            grpc::internal::RpcMethod("/weir.v1.Ingest/Publish",
                                      grpc::internal::RpcMethod::CLIENT_STREAMING, channel),
            &call, &reply));
    BOOST_TEST(both.publish(event_of("1")).ok());
    both.with.stop();
    BOOST_TEST(waiting->Finish().error_code() == grpc::UNAVAILABLE);
    BOOST_TEST(both.with.ended());
    BOOST_TEST(both.refused(refusal::closing) == 1u);
}

BOOST_AUTO_TEST_CASE(wrong_options_are_usage_errors) {
    for (const char* options : {",max-message=0B", ",max-streams=0", ",cert=x", ",key=x",
                                ",history=1KiB", ",max-memory=3MiB", ",slow=wait"})
        BOOST_CHECK_THROW((listening<grpc_listener, grpc_options>(std::string(":0") + options)),
                          usage_error);
}

BOOST_AUTO_TEST_SUITE_END()
