#include "listeners/acceptor.hpp"

#include "listeners/listen_fault.hpp"

#include <algorithm>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace weir {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr int backlog = 4096; // the kernel caps it at net.core.somaxconn
constexpr std::chrono::milliseconds breath{100};
constexpr std::chrono::milliseconds last_sweeps{20};

asio::ip::address ip_of(const stream_socket::endpoint_type& peer) {
    const int family = peer.protocol().family();
    if (family != AF_INET && family != AF_INET6)
        return {};
    asio::ip::tcp::endpoint ip;
    std::memcpy(ip.data(), peer.data(), peer.size());
    return ip.address();
}

void set_reuse_port(int socket, bool on) {
    const int value = on ? 1 : 0;
    ::setsockopt(socket, SOL_SOCKET, SO_REUSEPORT, &value, sizeof value);
}

} // namespace

acceptor::acceptor(const listener_setting& setting, task_group& tasks, acceptor_options options,
                   session serve)
    : setting_(setting), tasks_(tasks), options_(std::move(options)), serve_(std::move(serve)),
      registry_(std::make_shared<connection_registry>(setting.books, options_.max_connections)),
      acceptor_(setting.executors.next()), pause_(acceptor_.get_executor()),
      sweep_(acceptor_.get_executor()), limit_(setting.books.listener) {}

acceptor::~acceptor() { close(); }

startup_error acceptor::cant_listen(const error_code& fault) const {
    return startup_error(listen_fault(setting_.books.listener, options_.listen, fault));
}

bool acceptor::bind_to(const stream_socket::endpoint_type& where, error_code& fault) {
    acceptor_ = stream_acceptor(acceptor_.get_executor());
    acceptor_.open(where.protocol(), fault);
    if (!fault && !options_.listen.is_unix())
        acceptor_.set_option(asio::socket_base::reuse_address(true), fault);
    if (!fault && shares_port_)
        set_reuse_port(acceptor_.native_handle(), true); // where that fails, the bind does
    // ":9000" is every interface; "[::]:9000" leaves 0.0.0.0:9000 to others.
    if (!fault && where.protocol().family() == AF_INET6)
        acceptor_.set_option(asio::ip::v6_only(!options_.listen.host.empty()), fault);
    if (!fault)
        acceptor_.bind(where, fault);
    if (!fault && options_.listen.is_unix())
        listen(fault);
    return !fault;
}

void acceptor::bind() {
    const address& wanted = options_.listen;
    const stream_socket::endpoint_type where = resolve_stream(wanted);
    error_code fault;
    if (!bind_to(where, fault) && wanted.host.empty() && is_missing_v6(fault)) {
        bind_to(asio::ip::tcp::endpoint(asio::ip::tcp::v4(), wanted.port), fault);
    } else if (fault == asio::error::address_in_use && wanted.is_unix() &&
               is_stale_socket(wanted.path)) {
        ::unlink(wanted.path.c_str());
        bind_to(where, fault);
    }
    if (fault)
        throw cant_listen(fault);
    place_ = std::make_shared<socket_file>(wanted.path);
}

void acceptor::open() {
    if (!place_) // else it was taken over
        bind();
    acceptor_.non_blocking(true);
    bound_ = to_string(acceptor_.local_endpoint());
}

void acceptor::take_over(acceptor& from) {
    const auto where = from.acceptor_.local_endpoint();
    const int own = ::fcntl(from.acceptor_.native_handle(), F_DUPFD_CLOEXEC, 0);
    if (own < 0)
        throw cant_listen(error_code(errno, boost::system::system_category()));
    acceptor_.assign(where.protocol(), own);
    place_ = from.place_;
    listens_ = from.listens_;
}

bool acceptor::listen(error_code& fault) {
    acceptor_.listen(backlog, fault);
    listens_ = !fault;
    return listens_;
}

void acceptor::listen() {
    if (error_code fault; !listens_ && !listen(fault))
        throw cant_listen(fault);
}

bool acceptor::share_port(bool shared) {
    if (options_.listen.is_unix())
        return false;
    shares_port_ = shared;
    if (acceptor_.is_open())
        set_reuse_port(acceptor_.native_handle(), shared);
    return true;
}

void acceptor::start() {
    listen();
    tasks_.spawn(acceptor_.get_executor(), accept_all());
    tasks_.spawn(acceptor_.get_executor(), sweep_all());
}

void acceptor::stop() {
    registry_->stop_all();
    const bool taken_over = place_.use_count() > 1;
    asio::post(acceptor_.get_executor(), [this, taken_over, held = tasks_.hold()] {
        stopping_ = true;
        taken_over_ = taken_over;
        error_code ignored;
        acceptor_.cancel(ignored);
        pause_.cancel();
        sweep_.cancel();
    });
}

void acceptor::stop_now() { registry_->close_all(); }

task<> acceptor::accept_all() {
    while (!stopping_) {
        const io_executor home = setting_.executors.next();
        stream_socket::endpoint_type peer;
        auto accepted = co_await acceptor_.async_accept(home, peer, use_task_tuple);
        auto& [fault, fresh] = accepted;
        if (!fault) {
            admit(std::move(fresh), peer);
        } else if (!stopping_ && fault != asio::error::connection_aborted) {
            // Out of descriptors or memory: the connection stays in the backlog meanwhile.
            limit_.warn("{}: can't accept: {}", bound_, fault.message());
            pause_.expires_after(breath);
            co_await pause_.async_wait(use_task_tuple);
        }
    }
    if (!taken_over_)
        accept_rest();
    close();
}

// Who has connected before the stop may have sent already, and believes to be heard.
void acceptor::accept_rest() {
    for (int left = backlog; left > 0; --left) {
        stream_socket fresh(setting_.executors.next());
        stream_socket::endpoint_type peer;
        error_code fault;
        acceptor_.accept(fresh, peer, fault);
        if (!fault)
            admit(std::move(fresh), peer);
        else if (fault != asio::error::connection_aborted)
            return;
    }
}

void acceptor::abandon() {
    if (!listens_ || place_.use_count() > 1)
        return;
    for (int left = backlog; left > 0; --left) {
        stream_socket refused(acceptor_.get_executor());
        error_code fault;
        acceptor_.accept(refused, fault);
        if (!fault)
            setting_.books.refused_messages[refusal::closing].add();
        else if (fault != asio::error::connection_aborted)
            return;
    }
}

// Asio leaves it to the kernel to forget a descriptor that is closed, and the kernel remembers it
// for as long as the socket has another.
void acceptor::close() {
    if (acceptor_.is_open())
        ::close(acceptor_.release());
    place_.reset();
}

void acceptor::admit(stream_socket fresh, const stream_socket::endpoint_type& peer) {
    const asio::ip::address ip = ip_of(peer);
    const bool is_unix = options_.listen.is_unix();
    if (!is_unix && !allowed(options_.allow, ip)) {
        setting_.books.refused_messages[refusal::not_allowed].add();
        return;
    }
    std::shared_ptr<void> place = registry_->admit();
    if (!place) {
        setting_.books.refused_messages[refusal::busy].add();
        limit_.warn("{}: {} connections are open, another is refused", bound_,
                    options_.max_connections);
        return;
    }
    error_code ignored;
    if (!is_unix)
        fresh.set_option(asio::ip::tcp::no_delay(true), ignored);
    const io_executor home = fresh.get_executor();
    tasks_.spawn(home, serve_(registry_->open(std::move(fresh), ip, std::move(place))));
}

// After the stop it goes on until the last session has ended, for what they finish has deadlines,
// too. It then looks more often, because the listener's end waits for it.
task<> acceptor::sweep_all() {
    while (!stopping_ || !registry_->empty()) {
        sweep_.expires_after(stopping_ ? std::min(options_.sweep_every, last_sweeps)
                                       : options_.sweep_every);
        co_await sweep_.async_wait(use_task_tuple);
        registry_->sweep();
    }
}

} // namespace weir
