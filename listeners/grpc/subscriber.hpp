// A Subscribe call: takes from the live stream what there is, a bounded piece at a time, and writes
// it event by event, at the client's pace.
//
// The piece is made on the home executor, which alone uses the subscription; written it is on
// gRPC's threads. At any time the call is idle, writing, or finished, and only who has it made
// writing may write: gRPC takes nothing after the end. Owned by itself until gRPC says it is done,
// and by its own handlers.
#pragma once

#include "listeners/grpc/port.hpp"

#include <atomic>
#include <grpcpp/grpcpp.h>
#include <memory>
#include <vector>
#include <weir/v1/ingest.pb.h>

namespace weir {

class subscriber final : public grpc::ServerWriteReactor<grpc::ByteBuffer>,
                         public std::enable_shared_from_this<subscriber> {
public:
    static grpc::ServerWriteReactor<grpc::ByteBuffer>*
    begin(grpc_port& port, const grpc::CallbackServerContext& call,
          const grpc::ByteBuffer& request);

    explicit subscriber(grpc_port& port);

    void OnWriteDone(bool ok) override;
    void OnCancel() override;
    void OnDone() override;

private:
    enum class state { idle, writing, finished };

    grpc::Status subscribe(grpc_port& port, const grpc::CallbackServerContext& call,
                           const grpc::ByteBuffer& request);
    void pump();
    void pump_soon();
    void add(const live_subscription::step& notice);
    void write();
    void finish_if_idle(const grpc::Status& status);

    const io_executor home_;
    std::shared_ptr<void> place_;
    std::shared_ptr<subscriber> self_;
    std::unique_ptr<live_subscription> subscription_; // the home thread's
    std::vector<grpc::ByteBuffer> piece_;             // whoever's turn it is
    std::size_t written_ = 0;
    std::atomic<state> state_{state::idle};
    std::atomic<bool> cancelled_{false};
};

} // namespace weir
