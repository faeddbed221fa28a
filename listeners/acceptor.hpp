// What every stream listener (tcp, http, ws) shares: it listens on an address, accepts, refuses who
// is not allowed or too many, and runs one session coroutine a connection, each on the executor its
// connection was dealt. One sweeper closes what has been idle too long.
//
// Owned by a listener, whose open, start, stop and stop_now it stands for, and destroyed like it:
// only when the listener's tasks are done. Sessions may outlive neither.
#pragma once

#include "base/address.hpp"
#include "base/cidr.hpp"
#include "base/log.hpp"
#include "listeners/connection.hpp"
#include "listeners/listener.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <sys/types.h>
#include <utility>
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

    // Throws startup_error: "can't listen on tcp 127.0.0.1:9001: address already in use".
    void open();
    bool share_port(bool shared); // see listeners/listener.hpp; false for a unix socket
    void start();
    void stop(); // what has connected already is still accepted, as stopping
    void stop_now();
    const std::string& bound() const { return bound_; }

private:
    task<> accept_all();
    task<> sweep_all();
    void admit(stream_socket fresh, const stream_socket::endpoint_type& peer);
    void accept_rest();
    bool bind_to(const stream_socket::endpoint_type& where, boost::system::error_code& fault);
    void unlink_path();

    listener_setting setting_;
    task_group& tasks_;
    acceptor_options options_;
    session serve_;
    std::shared_ptr<connection_registry> registry_;
    stream_acceptor acceptor_;
    std::string bound_;
    bool shares_port_ = false;
    io_timer pause_; // of the accept loop
    io_timer sweep_;
    bool stopping_ = false;          // of the accept loop's thread
    std::pair<dev_t, ino_t> file_{}; // the unix socket's, so that nobody else's is removed
    log_limit limit_;
};

} // namespace weir
