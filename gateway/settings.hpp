// What a run is told: flags, environment, configuration file and the embedded default, parsed and
// checked.
#pragma once

#include "gateway/log_levels.hpp"
#include "gateway/logging.hpp"
#include "gateway/registry.hpp"
#include "gateway/status_mode.hpp"
#include "gateway/trace_options.hpp"
#include "queues/queue.hpp"

#include <span>
#include <string>
#include <vector>

namespace weir {

struct run_options {
    unsigned threads = 0; // 0: one a core, less one for the sinks
    queue_kind kind = queue_kind::ring;
    unsigned queue_slots = 65'536;
    byte_size queue_bytes = 128_MiB;
    when_full policy = when_full::drop_oldest;
    duration drain_timeout = duration(10'000);
    log_levels levels;
    log_format format = log_format::text;
    std::vector<trace_options> traces;
    status_mode status = status_mode::automatic;
    std::string pid_file;
};
void declare(option_set& set, run_options& o);

// What a file can't say, for it is about reading it.
struct call_options {
    std::string config;
    bool check = false;
};
void declare(option_set& set, call_options& o);

struct settings {
    call_options call;
    run_options run;
    std::vector<listener_spec> listeners;
    std::vector<sink_spec> sinks;
    std::vector<ordered_option> steps; // in front of every sink's own
    queue_options queue() const;
};

enum class command_line_wish { run, help, version };

// Reads the words behind the program's name, the WEIR_… environment and the configuration file.
// Each flag is what the first of these says of it. Throws usage_error.
command_line_wish read_command_line(std::span<const std::string> words, settings& into);

} // namespace weir
