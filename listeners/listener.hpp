// A Listener turns bytes from a socket into Batches and publishes them. The gateway owns it:
// open, listen, start, stop, in this order, each once, from the gateway's thread; the coroutines
// run on the io executors. After stop, it is destroyed only when tasks() is empty.
#pragma once

#include "base/books.hpp"
#include "base/executor.hpp"
#include "base/task_group.hpp"
#include "queues/queue.hpp"

#include <memory>
#include <string>

namespace weir {

class acceptor;
class span_recorder; // queues/spans.hpp

// What a listener is given. All of it outlives the listener.
struct listener_setting {
    io_executors& executors;
    queue& destination;
    listener_books& books;
    batch_origin origin;
    span_recorder* spans = nullptr; // null: nothing is traced here

    // What its messages are about, whatever is in them; "" where they say so themselves.
    listener_setting with_topic(const std::string& topic) const {
        listener_setting named = *this;
        if (!topic.empty())
            named.origin.topic = std::make_shared<const std::string>(topic);
        return named;
    }
};

class listener {
public:
    virtual ~listener() = default;

    // open binds, and so knows its address, or that it can't be had. listen lets senders in: they
    // wait to be heard until start. What is only open leaves every sender to whoever listens there
    // now, as far as the kernel can tell the two apart. Both throw startup_error.
    virtual void open() = 0;
    virtual void listen();

    // Before open: takes the socket of one that is at the same address and is to stop, and with it
    // who waits there. False: it can't, and needs a port of its own.
    bool take_over(listener& from);

    // Whether another of this process may be bound to its port, too, so that what takes over can be
    // opened before this is closed. Told before open, it is of the socket to come. False: it has no
    // port that could be shared.
    virtual bool share_port(bool) { return false; }

    // After open, in place of start: counts what has come by now as refused.
    virtual void abandon();

    virtual void start() = 0; // spawns its coroutines into tasks()

    // Closes the sockets that accept, and asks every session to finish what is under way. Returns
    // at once. stop_now closes the sessions too.
    virtual void stop() = 0;
    virtual void stop_now() = 0;

    virtual task_group& tasks() = 0;

    // As bound: "127.0.0.1:9000", "[::]:8080", "unix:/run/weir.sock". After open.
    virtual std::string bound() const = 0;

protected:
    virtual acceptor* accepts() { return nullptr; } // of streams
};

} // namespace weir
