// One block of the table of `weir top`: a name and numbers in each row, made to fit. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::top {

class table {
public:
    struct column {
        std::string_view title;
        std::size_t width;
        int rank; // where there is no room, the column of the highest goes first
    };
    table(std::string_view title, std::vector<column> columns)
        : title_(title), columns_(std::move(columns)), shown_(columns_.size(), true) {}

    void add(std::string name, bool idle, std::vector<std::string> cells);

    std::size_t rows() const { return rows_.size(); }
    std::size_t widest_name() const;

    // Leaves out columns until names of this width, or a part of it, have room beside the rest;
    // returns how much that is.
    std::size_t fit(std::size_t columns, std::size_t names);

    // The head and as many rows as there may be, the last of which says how many are missing.
    void append_to(std::vector<std::string>& lines, std::size_t name_width, std::size_t rows) const;

private:
    struct row {
        std::string name;
        bool idle; // may be left out before others
        std::vector<std::string> cells;
    };
    std::string line(std::string_view name, std::size_t name_width,
                     const std::vector<std::string>& cells) const;

    std::string_view title_;
    std::vector<column> columns_;
    std::vector<bool> shown_; // by column
    std::vector<row> rows_;
};

} // namespace weir::top
