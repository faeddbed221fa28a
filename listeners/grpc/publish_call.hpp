// A call that publishes: Publish, of one event, or PublishStream, of any number, which is answered
// with what became of them. Both are a stream to gRPC, so that a call whose event never comes is
// ours to count, and no event is read of who may not publish.
//
// A stream's batch goes to the queue when it is large enough, or a millisecond after its first
// event. Under block a full queue stops the reading, and HTTP/2's flow control the client.
//
// gRPC's threads read, one event at a time; the millisecond and the waiting for space are the home
// executor's. What they share is under one lock, which is never held into gRPC: it may call back
// from within. Owned by itself until gRPC says it is done, and by its own handlers.
#pragma once

#include "listeners/accept_span.hpp"
#include "listeners/event_intake.hpp"
#include "listeners/grpc/port.hpp"

#include <chrono>
#include <grpcpp/grpcpp.h>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>
#include <weir/v1/ingest.pb.h>

namespace weir {

class publish_call final : public grpc::ServerReadReactor<grpc::ByteBuffer>,
                           public live_call,
                           public std::enable_shared_from_this<publish_call> {
public:
    enum class kind { one, stream };

    // `reply` and `call` are gRPC's, and live until OnDone.
    static grpc::ServerReadReactor<grpc::ByteBuffer>*
    begin(grpc_port& port, grpc::CallbackServerContext& call, grpc::ByteBuffer& reply, kind what);

    publish_call(grpc_port& port, grpc::CallbackServerContext& call, grpc::ByteBuffer& reply,
                 kind what, std::shared_ptr<void> place);

    void OnReadDone(bool ok) override;
    void OnDone() override;
    void stop();     // publishes what it has taken, then ends
    void stop_now(); // ends, whatever waits

private:
    enum class next { nothing, read, finish };

    // All these under the lock.
    void take();
    void end();
    void refuse(refusal why);
    void publish();
    void arm();
    void give_up();
    next decide();
    grpc::Status outcome();

    template <class Change>
    void change(const Change& what);
    void carry_out(next what); // not under the lock
    static task<> publish_patiently(std::shared_ptr<publish_call> self,
                                    std::vector<batch_ptr> waiting,
                                    std::chrono::nanoseconds patience);

    grpc_port& port_;
    grpc::CallbackServerContext& call_;
    grpc::ByteBuffer& reply_;
    const kind kind_;
    std::shared_ptr<void> place_;   // a stream's
    std::shared_ptr<void> running_; // keeps the port's tasks waiting
    std::shared_ptr<publish_call> self_;
    const io_executor home_;

    grpc::ByteBuffer read_; // of the read under way
    weir::v1::Event event_; // reused
    io_timer timer_;        // the home thread's

    std::mutex mutex_;
    accept_span span_;
    event_intake intake_;
    std::uint64_t accepted_ = 0;
    std::uint64_t refused_ = 0;
    std::optional<refusal> why_; // it fails
    bool reading_ = false;
    unsigned starting_reads_ = 0; // that gRPC has not been told of whole
    bool publishing_ = false;     // a coroutine waits for space
    bool armed_ = false;
    bool due_ = false;   // the millisecond is over
    bool ended_ = false; // nothing more will be read
    bool stopping_ = false;
    bool giving_up_ = false;
    bool finished_ = false;
};

} // namespace weir
