#include "listeners/grpc.hpp"

#include "listeners/acceptor.hpp"
#include "listeners/grpc/connections.hpp"
#include "listeners/grpc/log.hpp"
#include "listeners/grpc/port.hpp"
#include "listeners/grpc/service.hpp"
#include "listeners/grpc/tls.hpp"

#include <absl/synchronization/mutex.h>
#include <algorithm>
#include <boost/asio/post.hpp>
#include <fcntl.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <mutex>
#include <unistd.h>

namespace weir {

namespace {

using external = grpc::experimental::ExternalConnectionAcceptor;

constexpr int most_threads = 8; // for reflection, the one service that blocks
constexpr std::chrono::milliseconds last_calls{100};
constexpr std::size_t least_history = 1u << 20; // it is what a subscriber reads from

live_subscribe find_stream(const grpc_options& options, const http_routes& routes) {
    for (const http_route& each : routes)
        if (options.live && each.subscribe)
            return each.subscribe;
    return {};
}

void check_options(const grpc_options& options) {
    if (options.max_message.bytes == 0 || options.max_message.bytes > longest_message)
        throw usage_error("option max-message: must be from 1B to 1GiB");
    if (options.max_connections == 0)
        throw usage_error("option max-connections: must be at least 1");
    if (options.max_memory.bytes < 4 * options.max_message.bytes)
        throw usage_error("option max-memory: must be at least four times max-message");
    if (options.max_streams == 0)
        throw usage_error("option max-streams: must be at least 1");
    if (options.live && options.history.bytes < least_history)
        throw usage_error("option history: must be at least 1MiB, or live=off");
    if (options.cert.empty() != options.key.empty())
        throw usage_error("options cert and key: one needs the other");
}

acceptor_options accepting(const grpc_options& options) {
    acceptor_options out;
    out.listen = options.listen;
    out.max_connections = options.max_connections;
    out.allow = options.allow;
    return out;
}

// gRPC's plugins are switched on for all servers that are built afterwards.
void enable_plugins() {
    static std::once_flag once;
    std::call_once(once, [] {
        grpc_log_as_ours();
        // Debian's Abseil looks for deadlocks at each of gRPC's locks, if nobody forbids it.
        absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
        grpc::EnableDefaultHealthCheckService(true);
        grpc::reflection::InitProtoReflectionServerBuilderPlugin();
    });
}

int as_int(std::size_t number) {
    return static_cast<int>(std::min<std::size_t>(number, std::numeric_limits<int>::max()));
}

int milliseconds(std::chrono::milliseconds time) {
    return as_int(static_cast<std::size_t>(time.count()));
}

} // namespace

struct grpc_listener::parts {
    parts(const listener_setting& setting, const grpc_options& asked, const http_routes& routes)
        : options(asked), port{setting.with_topic(asked.topic),
                               asked.max_message.bytes,
                               asked.token,
                               asked.slow,
                               find_stream(asked, routes),
                               task_group("grpc"),
                               grpc_calls(asked.max_streams)},
          executor(setting.executors.next()), connections(executor),
          accepts(port.setting, port.tasks, accepting(asked),
                  [this](std::shared_ptr<connection> peer) {
                      return hand_over(this, std::move(peer));
                  }) {}

    void build();
    static task<> hand_over(parts* to, std::shared_ptr<connection> peer);

    const grpc_options options;
    grpc_port port;
    const io_executor executor;
    grpc_connections connections;
    acceptor accepts;
    ingest_service service{port};
    std::unique_ptr<external> handing; // before the server: it refers to that
    std::unique_ptr<grpc::Server> server;
};

void grpc_listener::parts::build() {
    enable_plugins();
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    // gRPC would look at the size of a whole message, and drop the call unheard.
    builder.SetMaxReceiveMessageSize(-1);
    // gRPC would unpack a message to whatever size a stranger has made it.
    builder.AddChannelArgument(GRPC_ARG_ENABLE_PER_MESSAGE_DECOMPRESSION, 0);
    builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, as_int(options.max_streams));
    builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000); // finds out who is gone
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    if (options.idle_timeout.count() > 0)
        builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_IDLE_MS,
                                   milliseconds(options.idle_timeout));
    grpc::ResourceQuota quota("weir");
    quota.SetMaxThreads(most_threads);
    // A message is taken in whole, 4 GiB at most, before its size says anything.
    quota.Resize(options.max_memory.bytes);
    builder.SetResourceQuota(quota);
    builder.SetSyncServerOption(grpc::ServerBuilder::NUM_CQS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MIN_POLLERS, 1);
    builder.SetSyncServerOption(grpc::ServerBuilder::MAX_POLLERS, 2);
    auto experimental = builder.experimental();
    handing = experimental.AddExternalConnectionAcceptor(
        grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
        grpc_credentials(options.cert, options.key));
    server = builder.BuildAndStart();
    if (!server)
        throw startup_error("can't start gRPC on " + accepts.bound());
}

// The session of a connection: gRPC gets a descriptor of its own, ours tells of its end.
task<> grpc_listener::parts::hand_over(parts* to, std::shared_ptr<connection> peer) {
    if (peer->stopping())
        co_return;
    std::shared_ptr<void> admitted = peer->hand_over();
    boost::system::error_code fault;
    unique_fd ours(peer->socket.release(fault));
    if (fault)
        co_return;
    external::NewConnectionParameters fresh;
    fresh.fd = ::fcntl(ours.get(), F_DUPFD_CLOEXEC, 0);
    if (fresh.fd < 0) {
        to->port.refuse(refusal::busy);
        co_return;
    }
    const int flags = ::fcntl(fresh.fd, F_GETFL);
    ::fcntl(fresh.fd, F_SETFL, flags | O_NONBLOCK);
    to->connections.add(std::move(ours), std::move(admitted));
    to->handing->HandleNewConnection(&fresh);
}

grpc_listener::grpc_listener(const listener_setting& setting, const grpc_options& options,
                             const http_routes& routes) {
    check_options(options);
    parts_ = std::make_unique<parts>(setting, options, routes);
}

// Who still listens, to the stream or to the server's health, is cut off.
grpc_listener::~grpc_listener() {
    if (parts_ && parts_->server)
        parts_->server->Shutdown(std::chrono::system_clock::now() + last_calls);
}

void grpc_listener::open() {
    parts_->accepts.open();
    parts_->connections.open();
    parts_->build();
}

acceptor* grpc_listener::accepts() { return &parts_->accepts; }
bool grpc_listener::share_port(bool shared) { return parts_->accepts.share_port(shared); }

void grpc_listener::start() {
    parts_->port.tasks.spawn(parts_->executor, parts_->connections.watch());
    parts_->accepts.start();
    parts_->server->GetHealthCheckService()->SetServingStatus("weir.v1.Ingest", true);
}

void grpc_listener::stop() {
    parts_->accepts.stop();
    boost::asio::post(parts_->executor,
                      [parts = parts_.get(), held = tasks().hold()] { parts->connections.stop(); });
    parts_->server->GetHealthCheckService()->SetServingStatus(false);
    parts_->port.calls.stop();
}

void grpc_listener::stop_now() {
    parts_->accepts.stop_now();
    parts_->port.calls.stop_now();
}

task_group& grpc_listener::tasks() { return parts_->port.tasks; }
std::string grpc_listener::bound() const { return parts_->accepts.bound(); }

} // namespace weir
