// `--grpc`: the service weir.v1.Ingest (proto/weir/v1/ingest.proto) over gRPC, with the standard
// health and reflection services beside it. docs/grpc.md says what each call is answered with.
//
// The socket that accepts is weir's own, with all that listeners/acceptor.hpp does; each connection
// is then handed to gRPC, which serves it on threads of its own. Messages are published from those.
// Only what has to wait, for space in the queue or for the rest of a batch, does so in coroutines
// on the io executors; nothing blocks gRPC's threads.
//
// stop ends what publishes; who listens to the live stream is the stream's to end, as with HTTP,
// and none of tasks(). gRPC's server itself goes with the listener.
//
// The books: a call that is refused or breaks off counts as one message, each event of a stream for
// itself. Owned by the gateway; see listeners/listener.hpp.
#pragma once

#include "base/http_routes.hpp"
#include "listeners/grpc_options.hpp"
#include "listeners/listener.hpp"

#include <memory>
#include <string>

namespace weir {

class grpc_listener final : public listener {
public:
    // `routes`: the live stream, if it is to be served, is among them. Throws usage_error.
    grpc_listener(const listener_setting& setting, const grpc_options& options,
                  const http_routes& routes = {});
    ~grpc_listener() override;

    void open() override;
    bool share_port(bool shared) override;
    void start() override;
    void stop() override;
    void stop_now() override;
    task_group& tasks() override;
    std::string bound() const override;

protected:
    acceptor* accepts() override;

private:
    struct parts; // what knows gRPC
    std::unique_ptr<parts> parts_;
};

} // namespace weir
