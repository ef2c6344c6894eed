// What comes out of a run, as files: for each monitor and each group or set of synapses in a folder of its own.
#ifndef JUPYSPIKE_RESULTS_H
#define JUPYSPIKE_RESULTS_H

#include "jupyspike_memory.h"

// Values as a program wrote them, in the type in which they are kept.
inline jsp_array jsp_converted(const double *values, int64_t count, const std::string &type, double zero,
                               double divisor) {
    jsp_array array(type, {count});
    jsp_with_type(type, [&](auto value) {
        typedef decltype(value) T;
        for (int64_t k = 0; k < count; ++k) array.as<T>()[k] = (T)((values[k] - zero) / divisor);
    });
    return array;
}

class jsp_results {
  public:
    // Has a file for each column of each recorder; those of an earlier run go on.
    void open(const jsp_host_memory &host, const std::filesystem::path &folder) {
        folder_ = folder;
        std::error_code ignored;
        for (size_t r = 0; r < host.recorders.size(); ++r) {
            const jsp_recorder_row &row = host.network.recorders[r];
            const jsp_recorder &recorder = host.recorders[r];
            const int64_t width = row.kind == JSP_STATES ? recorder.size : jsp_writer::ONE;
            const std::filesystem::path own = folder / row.name;
            const auto [known, is_new] = monitors_.try_emplace(row.name);
            monitor &of = known->second;
            if (!is_new && of.width != width)
                throw jsp_error(std::string("'") + row.name + "' records another number of elements than before");
            if (!is_new) continue;
            of.width = width;
            std::filesystem::create_directories(own, ignored);
            if (!recorder.times) continue;
            of.files.push_back(std::make_unique<jsp_writer>(own / "t.npy", "<f8", jsp_writer::ONE));
            if (row.kind == JSP_EVENTS)
                of.files.push_back(std::make_unique<jsp_writer>(own / "i.npy", "<i4", jsp_writer::ONE));
            for (const jsp_column_row &column : row.columns) {
                const std::string name = std::string(column.name) + ".npy";
                of.files.push_back(std::make_unique<jsp_writer>(own / name, column.type, width));
            }
        }
    }

    // Moves the rows that the recorders have filled to their files.
    void collect(jsp_host_memory &host) {
        for (size_t r = 0; r < host.recorders.size(); ++r) attempt([&] { collect(host, r); });
    }

    // Writes the counts of events and the state in which the network is left.
    void finish(jsp_host_memory &host) {
        for (size_t r = 0; r < host.recorders.size(); ++r) {
            const jsp_recorder_row &row = host.network.recorders[r];
            if (row.kind != JSP_EVENTS) continue;
            jsp_array &count = monitors_[row.name].count;
            if (!count.size()) count = jsp_array("<i8", {host.recorders[r].size});
            for (int64_t k = 0; k < count.size(); ++k) count.as<int64_t>()[k] += host.recorders[r].totals[k];
            attempt([&] { jsp_write(folder_ / row.name / "count.npy", count); });
        }
        for (size_t a = 0; a < host.arrays.size(); ++a) {
            const std::string name = host.network.arrays[a].name;
            const size_t dot = name.find('.');
            if (!host.network.arrays[a].result) continue;
            std::error_code ignored;
            std::filesystem::create_directories(folder_ / name.substr(0, dot), ignored);
            attempt([&] { jsp_write(folder_ / name.substr(0, dot) / (name.substr(dot + 1) + ".npy"), host.arrays[a]); });
        }
    }

    // Lets what cannot be written keep nothing else from being written.
    template <class F> void attempt(F write) {
        try {
            write();
        } catch (const jsp_error &error) {
            if (problem.empty()) problem = error.what();
        }
    }

    std::string problem;  // the first one

  private:
    void collect(jsp_host_memory &host, size_t r) {
        const jsp_recorder_row &row = host.network.recorders[r];
        jsp_recorder &recorder = host.recorders[r];
        if (!recorder.count) return;
        monitor &own = monitors_[row.name];
        auto file = own.files.begin();
        (*file++)->write(recorder.times, recorder.count);
        if (row.kind == JSP_EVENTS) (*file++)->write(recorder.indices, recorder.count);
        const int64_t width = row.kind == JSP_STATES ? recorder.size : 1;
        for (size_t c = 0; c < row.columns.size(); ++c) {
            const std::string scale = std::string("recorder.") + row.name + "." + row.columns[c].name;
            const jsp_array values =
                jsp_converted(recorder.columns[c], width * recorder.count, row.columns[c].type,
                              host.layout.real(scale + ".zero"), host.layout.real(scale + ".divisor"));
            (*file++)->write(values.bytes.data(), recorder.count);
        }
        for (auto &written : own.files) written->settle();  // not before all have room for these rows
        recorder.count = 0;
    }

    struct monitor {
        std::vector<std::unique_ptr<jsp_writer>> files;
        jsp_array count;
        int64_t width = 0;
    };

    std::filesystem::path folder_;
    std::map<std::string, monitor> monitors_;
};

#endif
