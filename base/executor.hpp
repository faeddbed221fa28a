// Where things run. The io pool has one io_context a thread, so whatever lives on one executor is
// single-threaded and needs no strand. Components take executors, never a context.
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <span>

namespace weir {

using io_executor = boost::asio::io_context::executor_type;

template <class T = void>
using task = boost::asio::awaitable<T, io_executor>;
constexpr boost::asio::use_awaitable_t<io_executor> use_task;
constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<io_executor>> use_task_tuple{
    use_task};

// TCP and unix sockets alike.
using stream_socket =
    boost::asio::basic_stream_socket<boost::asio::generic::stream_protocol, io_executor>;
using stream_acceptor =
    boost::asio::basic_socket_acceptor<boost::asio::generic::stream_protocol, io_executor>;
using io_timer = boost::asio::basic_waitable_timer<
    std::chrono::steady_clock, boost::asio::wait_traits<std::chrono::steady_clock>, io_executor>;

// The pool as components see it. Thread-safe; outlives every component.
class io_executors {
public:
    virtual io_executor next() = 0; // round robin, for what is to be spread
    virtual std::span<const io_executor> all() const = 0;

protected:
    ~io_executors() = default;
};

} // namespace weir
