// A shard of the live stream and the far ends of its clients, over socket pairs, on a context that
// the test runs by hand.
#pragma once

#include "base/task_group.hpp"
#include "sinks/broadcast_shard.hpp"
#include "test/sinks/received_frames.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/test/unit_test.hpp>
#include <optional>
#include <sys/socket.h>
#include <unistd.h>

namespace weir::test {

struct far_end {
    explicit far_end(int socket) : fd(socket) {}
    far_end(far_end&& other) noexcept : fd(std::exchange(other.fd, -1)), in(std::move(other.in)) {}
    ~far_end() {
        if (fd >= 0)
            ::close(fd);
    }

    void send(std::string_view bytes) {
        BOOST_TEST_REQUIRE(::send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT) ==
                           static_cast<ssize_t>(bytes.size()));
    }
    void send(opcode op, std::string_view payload) {
        std::string frame;
        append_masked_frame(frame, op, true, payload, {1, 2, 3, 4});
        send(frame);
    }

    // What is there to read; false at the end.
    bool receive(std::size_t most = 1 << 20) {
        std::string room(std::min<std::size_t>(most, 65'536), '\0');
        for (std::size_t read = 0; read < most;) {
            const ssize_t n =
                ::recv(fd, room.data(), std::min(room.size(), most - read), MSG_DONTWAIT);
            if (n <= 0)
                return n < 0 && errno == EAGAIN;
            in.feed({room.data(), static_cast<std::size_t>(n)});
            read += static_cast<std::size_t>(n);
        }
        return true;
    }

    std::optional<received_frame> frame() {
        received_frame next;
        if (in.next(next))
            return next;
        receive();
        return in.next(next) ? std::optional(next) : std::nullopt;
    }

    int fd;
    received_frames in;
};

struct shard_fixture {
    explicit shard_fixture(std::string_view options = ":0", const live_key& key = {})
        : shard(std::make_shared<broadcast_shard>(
              io.get_executor(), parse_options<broadcast_options>(options), broadcast_times(),
              books, history, std::make_shared<live_encoding>(key))) {
        shard->start(tasks.hold());
    }
    ~shard_fixture() {
        shard->stop();
        io.restart();
        io.poll();
    }

    far_end connect(std::string early = {}, live_start from = {}) {
        int pair[2];
        BOOST_TEST_REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
        const int buffer = 16 * 1024;
        ::setsockopt(pair[0], SOL_SOCKET, SO_SNDBUF, &buffer, sizeof buffer);
        shard->add({stream_socket(io.get_executor(),
                                  boost::asio::generic::stream_protocol(AF_UNIX, 0), pair[0]),
                    std::move(early), "", tasks.hold()},
                   from);
        return far_end(pair[1]);
    }

    void push(std::string_view message, int times = 1) {
        batch_builder builder(0);
        for (int i = 0; i < times; ++i)
            builder.append(message);
        push(builder.finish());
    }
    void push(const batch_ptr& messages) {
        const live_encoding& encoding = shard->encoding();
        auto chunk = std::make_shared<frame_chunk>(encoding.format(), history->end());
        encoding.add(*messages, *chunk);
        history->append(0, {&messages, 1}, [] {});
        shard->push(chunk);
    }

    void run() {
        io.restart();
        io.poll();
    }

    boost::asio::io_context io{1};
    sink_books books;
    task_group tasks{"test"};
    std::shared_ptr<live_history> history = std::make_shared<live_history>(1 << 20);
    std::shared_ptr<broadcast_shard> shard;
};

} // namespace weir::test
