// What every stream listener (tcp, http, ws) shares: it listens on an address, accepts, refuses who
// is not allowed or too many, and runs one session coroutine a connection, each on the executor its
// connection was dealt. One sweeper closes what has been idle too long.
//
// Owned by a listener, whose open, start, stop and stop_now it stands for, and destroyed like it:
// only when the listener's tasks are done. Sessions may outlive neither.
#pragma once

#include "base/address.hpp"
#include "base/cidr.hpp"
#include "base/error.hpp"
#include "base/log.hpp"
#include "listeners/connection.hpp"
#include "listeners/listener.hpp"
#include "listeners/socket_file.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace weir {

struct acceptor_options {
    address listen;
    std::size_t max_connections = 10'000;
    std::vector<cidr> allow; // means nothing on a unix socket
    std::chrono::milliseconds sweep_every{500};
};

class acceptor {
public:
    // Called on the accepting thread; the coroutine it returns runs on the connection's executor.
    // It must look at stopping() first, and the connection closes when the last reference is gone.
    using session = std::function<task<>(std::shared_ptr<connection>)>;

    acceptor(const listener_setting& setting, task_group& tasks, acceptor_options options,
             session serve);
    ~acceptor();

    // open binds and listen listens, so that between the two nobody can connect who would then be
    // reset; but a unix socket listens as soon as it is bound, or it would be taken for a stale
    // one. Both throw startup_error: "can't listen on tcp 127.0.0.1:9001: address already in use".
    void open();
    void listen();
    bool share_port(bool shared); // see listeners/listener.hpp; false for a unix socket
    // Before open: of one that runs at the same address and is to stop. They then have one socket,
    // and one queue of those who wait to be accepted.
    void take_over(acceptor& from);
    void start(); // and listens, where nobody has told it to before
    // What has connected already is still accepted, as stopping, unless another has taken over.
    void stop();
    void stop_now();
    void abandon(); // never to start: refuses who has connected, as closing
    const std::string& bound() const { return bound_; }

private:
    task<> accept_all();
    task<> sweep_all();
    void admit(stream_socket fresh, const stream_socket::endpoint_type& peer);
    void accept_rest();
    void bind();
    bool bind_to(const stream_socket::endpoint_type& where, boost::system::error_code& fault);
    bool listen(boost::system::error_code& fault);
    void close();
    startup_error cant_listen(const boost::system::error_code& fault) const;

    listener_setting setting_;
    task_group& tasks_;
    acceptor_options options_;
    session serve_;
    std::shared_ptr<connection_registry> registry_;
    stream_acceptor acceptor_;
    std::string bound_;
    bool shares_port_ = false;
    bool listens_ = false;
    io_timer pause_; // of the accept loop
    io_timer sweep_;
    bool stopping_ = false;              // of the accept loop's thread
    bool taken_over_ = false;            // likewise
    std::shared_ptr<socket_file> place_; // of all whose socket it is
    log_limit limit_;
};

} // namespace weir
