// A real Redis in a folder of its own, that listens at a unix socket and, with TLS, at a port.
// Debian's redis-server is a link to redis-check-rdb of redis-tools, which looks at what it was
// called as; so it needs no package that starts a server for the whole machine.
#pragma once

#include "test/sinks/scratch.hpp"
#include "test/sinks/sink_rig.hpp"
#include "wire/resp.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <csignal>
#include <fcntl.h>
#include <initializer_list>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace weir {

class redis_server {
public:
    explicit redis_server(std::vector<std::string> further = {}) : further_(std::move(further)) {
        start();
    }
    redis_server(const redis_server&) = delete;
    redis_server& operator=(const redis_server&) = delete;
    ~redis_server() { stop(); }

    void start() {
        std::vector<std::string> words{
            "redis-server", "--port",     "0",      "--unixsocket", path(), "--dir",
            folder_ / "",   "--save",     "",       "--appendonly", "yes",  "--appendfsync",
            "always",       "--loglevel", "warning"};
        words.insert(words.end(), further_.begin(), further_.end());
        std::vector<char*> arguments;
        for (std::string& word : words)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        process_ = fork();
        BOOST_REQUIRE(process_ >= 0);
        if (process_ == 0) {
            const int nowhere = open("/dev/null", O_RDWR);
            dup2(nowhere, STDOUT_FILENO);
            dup2(nowhere, STDERR_FILENO);
            execv("/usr/bin/redis-check-rdb", arguments.data());
            _exit(127);
        }
        BOOST_REQUIRE(eventually([&] { return answers() || ended(); }));
        BOOST_REQUIRE(process_ > 0);
    }
    void stop() {
        if (process_ <= 0)
            return;
        kill(process_, SIGKILL);
        waitpid(process_, nullptr, 0);
        process_ = 0;
        unlink(path().c_str());
    }

    std::string path() const { return folder_ / "redis.sock"; }
    std::string url() const { return "unix:" + path(); }

    // One command's reply; nil where there is none.
    resp_value ask(std::initializer_list<std::string_view> words) const {
        namespace asio = boost::asio;
        asio::io_context context;
        asio::local::stream_protocol::socket socket(context);
        boost::system::error_code fault;
        socket.connect(path(), fault);
        std::string command;
        append_command(command, words);
        if (!fault)
            asio::write(socket, asio::buffer(command), fault);
        resp_reader reader;
        resp_value reply;
        while (!fault && reader.next(reply) == resp_reader::step::more) {
            char room[4096];
            const std::size_t size = socket.read_some(asio::buffer(room), fault);
            reader.feed({room, size});
        }
        return reply;
    }
    std::string get(std::string_view key, std::string_view field) const {
        return ask({"HGET", key, field}).text;
    }

private:
    bool answers() const {
        const resp_value reply = ask({"PING"});
        return reply.is_status("PONG") || reply.text.starts_with("NOAUTH");
    }
    bool ended() {
        if (waitpid(process_, nullptr, WNOHANG) == process_)
            process_ = 0;
        return process_ == 0;
    }

    std::vector<std::string> further_;
    scratch folder_;
    pid_t process_ = 0;
};

} // namespace weir
