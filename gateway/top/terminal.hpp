// The terminal as `weir top` uses it: the other screen, no cursor, keys as they are pressed. All is
// as before when this is destroyed. One a process, on the main thread; plain ANSI sequences.
#pragma once

#include "base/unique_fd.hpp"
#include "gateway/top/view.hpp"

#include <string>
#include <termios.h>
#include <vector>

namespace weir::top {

class terminal {
public:
    terminal(); // stdout must be one; keys are read where stdin is one, too
    ~terminal();
    terminal(const terminal&) = delete;
    terminal& operator=(const terminal&) = delete;

    window size() const;

    // As many of the lines as fit. The first line of each block is bold.
    void draw(const std::vector<std::string>& lines);

    int keys() const { return has_keys_ ? 0 : -1; } // to wait at, or -1
    bool wants_to_quit();                           // q or Ctrl-\ was pressed; reads what is there
    int resized() const { return resized_.get(); }  // readable where the window has changed
    void forget_resize();

private:
    unique_fd resized_;
    termios before_{};
    bool has_keys_ = false;
};

} // namespace weir::top
