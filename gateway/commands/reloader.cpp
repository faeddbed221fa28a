#include "gateway/commands/reloader.hpp"

#include "base/error.hpp"
#include "gateway/lines.hpp"
#include "gateway/namesakes.hpp"

#include <spdlog/spdlog.h>

namespace weir {

void reloader::reload() {
    try {
        settings fresh;
        read_command_line(words_, fresh);
        for (const std::string& line : namesakes(fresh))
            spdlog::warn("{}", line);
        const bool whole = of_.reload(fresh, hurry_);
        spdlog::info(whole ? "reloaded" : "reloaded, but for what is said above");
        of_.note_reload(whole);
        missing_.reset();
        if (!whole) {
            missing_ = std::move(fresh);
            waits_.reset();
            next_ = clock::now() + waits_.next();
        }
    } catch (const std::runtime_error& wrong) { // a usage_error or a startup_error
        for (const std::string& line : lines_of(wrong.what()))
            spdlog::error("reload: {}", line);
        spdlog::error("not reloaded: all goes on as it was");
        of_.note_reload(false);
    }
}

// What runs stays as it is, for it is told as before.
void reloader::try_again() {
    if (!missing_ || clock::now() < next_)
        return;
    const duration wait = waits_.next();
    next_ = clock::now() + wait;
    try {
        if (!of_.reload(*missing_, hurry_))
            return;
        missing_.reset();
        spdlog::info("reload: what was missing runs now");
        of_.note_reload(true);
    } catch (const std::runtime_error& wrong) {
        spdlog::warn("reload: {}; trying again in {}", wrong.what(), to_string(wait));
    }
}

} // namespace weir
