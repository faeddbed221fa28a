#include "sinks/zmq.hpp"

#include "base/zmq_endpoint.hpp"
#include "queues/topics.hpp"
#include "wire/msgpack.hpp"
#include "wire/topic_frame.hpp"

#include <cctype>
#include <cerrno>
#include <chrono>
#include <climits>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

namespace weir {

namespace {

using namespace std::chrono_literals;

constexpr auto linger = 1s;       // for what ZeroMQ holds at the end
constexpr auto block = 100ms;     // in one call: stop_now is heard then, and who is slow skipped
constexpr auto dead_after = 10s;  // of a TCP subscriber's taking nothing
constexpr auto listen_every = 1s; // for subscriptions while there are no events

template <class Duration>
int milliseconds(Duration time) {
    return static_cast<int>(std::chrono::milliseconds(time).count());
}

// ZeroMQ removes whatever is at the path before it binds.
void refuse_what_is_there(const std::string& path) {
    struct stat file {};
    if (::lstat(path.c_str(), &file) != 0)
        return;
    sockaddr_un where{};
    where.sun_family = AF_UNIX;
    path.copy(where.sun_path, sizeof where.sun_path - 1);
    const int probe = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int failed = ::connect(probe, reinterpret_cast<sockaddr*>(&where), sizeof where);
    const bool stale = S_ISSOCK(file.st_mode) && failed != 0 && errno == ECONNREFUSED;
    ::close(probe);
    if (!stale)
        throw startup_error("can't listen on zmq unix:" + path + ": address already in use");
}

} // namespace

zmq_sink::zmq_sink(const zmq_options& options, const sink_setting& setting)
    : options_(options), books_(setting.books), spans_(setting.spans),
      reader_(setting.source, worker_.executor(), setting.filter()) {
    if (options.hwm == 0 || options.hwm > INT_MAX)
        throw usage_error("option hwm: must be from 1 to 2147483647");
    books_.set_target(to_string(options.listen));
}

zmq_sink::~zmq_sink() { worker_.stop(); }

void zmq_sink::open() {
    const std::string endpoint = zmq_bind_endpoint(options_.listen);
    if (options_.listen.is_unix())
        refuse_what_is_there(options_.listen.path);
    try {
        socket_ = zmq::socket_t(context_, zmq::socket_type::xpub);
        socket_.set(zmq::sockopt::xpub_nodrop, true);
        socket_.set(zmq::sockopt::sndhwm, static_cast<int>(options_.hwm));
        socket_.set(zmq::sockopt::sndtimeo, milliseconds(block));
        socket_.set(zmq::sockopt::linger, milliseconds(linger));
        socket_.set(zmq::sockopt::tcp_maxrt, milliseconds(dead_after));
        socket_.set(zmq::sockopt::ipv6, zmq_needs_ipv6(endpoint));
        socket_.bind(endpoint);
        books_.set_target(from_zmq_endpoint(socket_.get(zmq::sockopt::last_endpoint)));
    } catch (const zmq::error_t& fault) {
        std::string why = fault.what();
        why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
        throw startup_error("can't listen on zmq " + to_string(options_.listen) + ": " + why);
    }
}

void zmq_sink::start() {
    tasks_.spawn(worker_.executor(), run());
    worker_.start("weir-zmq");
}

task<> zmq_sink::run() {
    while (!reader_.finished()) {
        hear_subscribers();
        if (const batch_ptr next = reader_.try_take())
            send_all(*next);
        else if (!reader_.finished())
            co_await reader_.wait(std::chrono::steady_clock::now() + listen_every);
    }
    if (reader_.stopped())
        socket_.set(zmq::sockopt::linger, 0);
    socket_.close();
    context_.close(); // waits for what lingers
}

// What they say is only what they subscribe to, which ZeroMQ itself keeps; but unread it would pile
// up. Nothing may be concluded from who unsubscribes: a stranger can say that for another.
void zmq_sink::hear_subscribers() {
    zmq::message_t said;
    while (socket_.recv(said, zmq::recv_flags::dontwait))
        heard_ = true;
}

void zmq_sink::send_all(const batch& of) {
    const auto taken = receive_clock::now();
    std::size_t sent = 0;
    std::size_t bytes = 0;
    const batch_topics* const topics = heard_ ? &topics_of(of) : nullptr;
    for (const std::string_view message : of) {
        if (topics) {
            frame_.clear();
            append_frame_topic(frame_, (*topics)[sent]);
            if (options_.format == event_format::msgpack)
                append_msgpack(frame_, message);
            else
                frame_.append(message);
            if (!send(frame_))
                break;
        }
        ++sent;
        bytes += message.size();
    }
    count_delivery(books_, sent, bytes);
    if (sent > 0)
        note_delivery(books_, spans_, of, {sent, taken, receive_clock::now()});
    books_.lost_messages[loss::shutdown].add(of.size() - sent);
}

// False where it had to stop before ZeroMQ took it.
bool zmq_sink::send(const std::string& frame) {
    while (zmq_send(socket_.handle(), frame.data(), frame.size(), 0) < 0) {
        if (reader_.stopped())
            return false;
        if (options_.slow == slow_subscriber::skip) {
            send_to_the_others(frame);
            return true;
        }
        stalls_.warn("{}: a subscriber is {} messages behind, and all wait for it", books_.target,
                     options_.hwm);
    }
    return true;
}

void zmq_sink::send_to_the_others(const std::string& frame) {
    socket_.set(zmq::sockopt::xpub_nodrop, false);
    zmq_send(socket_.handle(), frame.data(), frame.size(), ZMQ_DONTWAIT);
    socket_.set(zmq::sockopt::xpub_nodrop, true);
    books_.missed_messages.add();
    stalls_.warn("{}: a subscriber is {} messages behind, and is passed over", books_.target,
                 options_.hwm);
}

} // namespace weir
