#include "wire/prometheus_line.hpp"

#include "wire/prometheus_number.hpp"

namespace weir {

namespace {

void append_escaped(std::string& out, std::string_view value) {
    for (const char c : value) {
        if (c == '\\' || c == '"')
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
}

} // namespace

void append_prometheus_line(std::string& out, const prometheus_sample& sample) {
    out += sample.name;
    char before = '{';
    for (const prometheus_label& label : sample.labels) {
        out += before;
        out.append(label.name).append("=\"");
        append_escaped(out, label.value);
        out += '"';
        before = ',';
    }
    if (!sample.labels.empty())
        out += '}';
    out += ' ';
    append_prometheus_value(out, sample.value);
    if (sample.timestamp)
        out.append(" ").append(std::to_string(*sample.timestamp));
}

} // namespace weir
