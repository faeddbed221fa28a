// The floor of gRPC: what libgrpc++ costs by itself. A callback server of the generated service
// that answers every Publish and counts the events of every PublishStream; it keeps nothing and
// writes no file. Unlike the other floors it has the threads that libgrpc starts.
#include "floor.hpp"

#include <absl/synchronization/mutex.h>
#include <atomic>
#include <csignal>
#include <grpcpp/grpcpp.h>
#include <weir/v1/ingest.grpc.pb.h>

namespace {

std::atomic<std::uint64_t> messages{0};
std::atomic<std::uint64_t> bytes{0};

void count(const weir::v1::Event& event) {
    messages.fetch_add(1, std::memory_order_relaxed);
    bytes.fetch_add(event.data().size(), std::memory_order_relaxed);
}

class stream final : public grpc::ServerReadReactor<weir::v1::Event> {
public:
    explicit stream(weir::v1::Summary& summary) : summary_(summary) { StartRead(&event_); }

    void OnReadDone(bool ok) override {
        if (!ok) {
            summary_.set_accepted(accepted_);
            Finish(grpc::Status::OK);
            return;
        }
        count(event_);
        ++accepted_;
        StartRead(&event_);
    }
    void OnDone() override { delete this; }

private:
    weir::v1::Summary& summary_;
    weir::v1::Event event_;
    std::uint64_t accepted_ = 0;
};

class service final : public weir::v1::Ingest::CallbackService {
    grpc::ServerUnaryReactor* Publish(grpc::CallbackServerContext* call,
                                      const weir::v1::Event* event,
                                      weir::v1::PublishReply*) override {
        count(*event);
        grpc::ServerUnaryReactor* const reactor = call->DefaultReactor();
        reactor->Finish(grpc::Status::OK);
        return reactor;
    }
    grpc::ServerReadReactor<weir::v1::Event>* PublishStream(grpc::CallbackServerContext*,
                                                            weir::v1::Summary* summary) override {
        return new stream(*summary);
    }
};

} // namespace

int main(int argc, char** argv) {
    if (argc != 2)
        usage("PORT");
    sigset_t end;
    sigemptyset(&end);
    sigaddset(&end, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &end, nullptr); // of every thread that is started
    // As weir does: Debian's Abseil looks for deadlocks at each lock, if nobody forbids it.
    absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
    service ingest;
    grpc::ServerBuilder builder;
    int port = 0;
    builder.AddListeningPort(std::string("127.0.0.1:") + argv[1], grpc::InsecureServerCredentials(),
                             &port);
    builder.RegisterService(&ingest);
    const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
    if (!server || port == 0)
        fail("listen");
    std::printf("listening on %d\n", port);
    std::fflush(stdout);
    int signal = 0;
    sigwait(&end, &signal);
    server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
    report({{"messages", messages}, {"bytes", bytes}});
}
