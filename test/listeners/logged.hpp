// What is logged while this lives, instead of on stderr.
#pragma once

#include <mutex>
#include <spdlog/sinks/base_sink.h>
#include <spdlog/spdlog.h>
#include <string>
#include <string_view>
#include <vector>

namespace weir {

class logged {
public:
    logged() : before_(spdlog::default_logger()) {
        spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", lines_));
    }
    ~logged() { spdlog::set_default_logger(before_); }
    logged(const logged&) = delete;
    logged& operator=(const logged&) = delete;

    // How many lines contain this.
    std::size_t count(std::string_view text) const { return lines_->count(text); }

private:
    class lines final : public spdlog::sinks::base_sink<std::mutex> {
    public:
        std::size_t count(std::string_view text) {
            const std::lock_guard lock(mutex_);
            std::size_t found = 0;
            for (const std::string& each : lines_)
                found += each.find(text) != each.npos ? 1 : 0;
            return found;
        }

    private:
        void sink_it_(const spdlog::details::log_msg& message) override {
            lines_.emplace_back(message.payload.data(), message.payload.size());
        }
        void flush_() override {}
        std::vector<std::string> lines_;
    };

    std::shared_ptr<lines> lines_ = std::make_shared<lines>();
    std::shared_ptr<spdlog::logger> before_;
};

} // namespace weir
