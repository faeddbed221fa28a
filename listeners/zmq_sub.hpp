// `--zmq-sub`: subscribes to a ZeroMQ publisher, another weir's --zmq for one, and publishes what
// comes. A frame is TOPIC SPACE PAYLOAD (wire/topic_frame.hpp); the payload is the message, as it
// is, and keeps its topic. With format=msgpack it becomes JSON first (wire/msgpack.hpp).
//
// Refused: a frame without a space, one of several parts and one that is not MessagePack
// (bad_frame), longer than max-message before or after (oversize), nothing in it (empty). A frame
// far beyond that is a broken peer, and ZeroMQ hangs up.
//
// ZeroMQ connects, and connects again for as long as it takes. What the publisher drops on its way
// here is its own to count. Under block a full queue stops the reading, and so the publisher.
//
// One coroutine on one io executor, which waits for ZeroMQ's descriptor and never blocks; ZeroMQ's
// own thread does the receiving. Owned by the gateway; see listeners/listener.hpp.
#pragma once

#include "listeners/listener.hpp"
#include "listeners/zmq_sub_options.hpp"

#include <boost/asio/posix/basic_stream_descriptor.hpp>
#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

namespace weir {

class zmq_sub_listener final : public listener {
public:
    zmq_sub_listener(const listener_setting& setting,
                     const zmq_sub_options& options); // throws usage_error

    void open() override; // begins to connect; that nobody is there yet is no fault
    void start() override;
    void stop() override;
    void stop_now() override {} // stop takes no longer than what has arrived
    task_group& tasks() override { return tasks_; }
    std::string bound() const override { return to_string(options_.publisher); }

private:
    task<> serve();
    task<> publish_all();
    bool drain();
    void take(const zmq::message_t& frame);
    void add(const std::string& topic, std::string_view message);
    void begin(const std::string& topic);
    void refuse(refusal why) { setting_.books.refused_messages[why].add(); }

    const listener_setting setting_;
    const zmq_sub_options options_;
    task_group tasks_{"zmq-sub"};
    const io_executor executor_;
    zmq::context_t context_{1};
    zmq::socket_t socket_;
    boost::asio::posix::basic_stream_descriptor<io_executor> readable_; // ZeroMQ's, a duplicate
    bool stopping_ = false;

    // What was received and is not published yet: batches, and one that is being filled with
    // messages of one topic, or, where none is told, with such as have theirs in them.
    std::vector<batch_ptr> ready_;
    batch_builder batch_;
    std::string told_;
    std::string unpacked_;
};

} // namespace weir
