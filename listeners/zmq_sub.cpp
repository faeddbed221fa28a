#include "listeners/zmq_sub.hpp"

#include "base/zmq_endpoint.hpp"
#include "queues/publish.hpp"
#include "wire/json_type.hpp"
#include "wire/msgpack.hpp"
#include "wire/topic_frame.hpp"

#include <algorithm>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <climits>
#include <fcntl.h>

namespace weir {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto use_deferred_tuple = asio::as_tuple(asio::deferred);
constexpr std::uint64_t least_hang_up = 64u << 20; // what comes in a larger frame is no event
constexpr std::size_t batch_bytes = 512u << 10;    // and one message more at most
constexpr std::size_t most_at_once = 1024;         // frames; then others on this thread have a turn

} // namespace

zmq_sub_listener::zmq_sub_listener(const listener_setting& setting, const zmq_sub_options& options)
    : setting_(setting.with_topic(options.topic)), options_(options),
      executor_(setting.executors.next()), readable_(executor_), batch_(setting_.origin) {
    if (options.max_message.bytes == 0 || options.max_message.bytes > longest_message)
        throw usage_error("option max-message: must be from 1B to 1GiB");
    if (options.hwm == 0 || options.hwm > INT_MAX)
        throw usage_error("option hwm: must be from 1 to 2147483647");
    if (!options.publisher.is_unix() && options.publisher.port == 0)
        throw usage_error("a publisher's port is not 0");
}

void zmq_sub_listener::open() {
    const std::string endpoint = zmq_connect_endpoint(options_.publisher);
    try {
        socket_ = zmq::socket_t(context_, zmq::socket_type::sub);
        socket_.set(zmq::sockopt::rcvhwm, static_cast<int>(options_.hwm));
        socket_.set(zmq::sockopt::linger, 0);
        socket_.set(zmq::sockopt::ipv6, zmq_needs_ipv6(endpoint));
        socket_.set(zmq::sockopt::maxmsgsize, static_cast<std::int64_t>(std::max(
                                                  2 * options_.max_message.bytes, least_hang_up)));
        for (const std::string& prefix : options_.topics) {
            std::string as_framed;
            append_frame_topic(as_framed, prefix);
            as_framed.pop_back(); // what follows the prefix is open
            socket_.set(zmq::sockopt::subscribe, as_framed);
        }
        if (options_.topics.empty())
            socket_.set(zmq::sockopt::subscribe, "");
        socket_.connect(endpoint);
        readable_.assign(::fcntl(socket_.get(zmq::sockopt::fd), F_DUPFD_CLOEXEC, 0));
    } catch (const zmq::error_t& fault) {
        throw startup_error("can't subscribe to zmq " + bound() + ": " + fault.what());
    }
}

void zmq_sub_listener::start() { tasks_.spawn(executor_, serve()); }

void zmq_sub_listener::stop() {
    asio::post(executor_, [this, held = tasks_.hold()] {
        stopping_ = true;
        error_code ignored;
        readable_.cancel(ignored);
    });
}

// ZeroMQ's descriptor says only that something has happened since it was last asked, so it is
// waited for only after a read that found nothing.
task<> zmq_sub_listener::serve() {
    while (!stopping_) {
        const bool more = drain();
        co_await publish_all();
        if (more) {
            co_await asio::post(executor_, use_task);
        } else if (!stopping_) {
            auto fired =
                readable_.async_wait(asio::posix::descriptor_base::wait_read, use_deferred_tuple);
            co_await std::move(fired);
        }
    }
    drain(); // what has arrived, but not for as long as a publisher goes on
    co_await publish_all();
}

task<> zmq_sub_listener::publish_all() {
    for (batch_ptr& fresh : ready_)
        if (!try_publish(setting_.destination, setting_.books, fresh))
            co_await publish_when_space(setting_.destination, setting_.books, std::move(fresh),
                                        executor_, as_long_as_it_takes);
    ready_.clear();
}

// True where there may be more.
bool zmq_sub_listener::drain() {
    zmq::message_t frame;
    std::size_t taken = 0;
    try {
        while (taken < most_at_once && socket_.recv(frame, zmq::recv_flags::dontwait)) {
            take(frame);
            ++taken;
        }
    } catch (const zmq::error_t&) { // interrupted
        taken = most_at_once;
    }
    begin({});
    return taken == most_at_once;
}

void zmq_sub_listener::take(const zmq::message_t& frame) {
    zmq::message_t part;
    bool parts = false;
    for (bool more = frame.more(); more; more = part.more()) {
        parts = true;
        if (!socket_.recv(part, zmq::recv_flags::dontwait)) // they arrive all at once
            break;
    }
    const auto found = parts ? std::nullopt : parse_topic_frame(frame.to_string_view());
    if (!found)
        return refuse(refusal::bad_frame);
    std::string_view message = found->payload;
    if (message.size() > options_.max_message.bytes)
        return refuse(refusal::oversize);
    if (options_.format == event_format::msgpack) {
        unpacked_.clear();
        if (!append_from_msgpack(unpacked_, message))
            return refuse(refusal::bad_frame);
        message = unpacked_;
    }
    if (message.empty())
        return refuse(refusal::empty);
    if (message.size() > options_.max_message.bytes)
        return refuse(refusal::oversize);
    add(found->topic, message);
}

void zmq_sub_listener::add(const std::string& topic, std::string_view message) {
    const bool has_own =
        !options_.topic.empty() || topic.empty() || (topic != told_ && json_type(message) == topic);
    const std::string& told = has_own ? std::string() : topic;
    if (told != told_ || batch_.bytes() >= batch_bytes)
        begin(told);
    batch_.append(message);
}

// The batch of the next messages; what is in hand is ready.
void zmq_sub_listener::begin(const std::string& topic) {
    if (!batch_.empty())
        ready_.push_back(batch_.finish());
    if (topic == told_)
        return;
    told_ = topic;
    batch_origin origin = setting_.origin;
    if (!topic.empty())
        origin.topic = std::make_shared<const std::string>(topic);
    batch_ = batch_builder(origin);
}

} // namespace weir
