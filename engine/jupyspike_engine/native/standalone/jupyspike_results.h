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
    jsp_results(jsp_host_memory &host, const std::filesystem::path &folder) : host_(host), folder_(folder) {
        std::error_code problem;
        for (size_t r = 0; r < host.recorders.size(); ++r) {
            const jsp_recorder_row &row = host.network.recorders[r];
            const jsp_recorder &recorder = host.recorders[r];
            const std::filesystem::path own = folder / row.name;
            std::filesystem::create_directories(own, problem);
            files_.emplace_back();
            if (!recorder.times) continue;
            const int64_t width = row.kind == JSP_STATES ? recorder.size : jsp_writer::ONE;
            files_[r].push_back(std::make_unique<jsp_writer>(own / "t.npy", "<f8", jsp_writer::ONE));
            if (row.kind == JSP_EVENTS)
                files_[r].push_back(std::make_unique<jsp_writer>(own / "i.npy", "<i4", jsp_writer::ONE));
            for (const jsp_column_row &column : row.columns) {
                const std::string name = std::string(column.name) + ".npy";
                files_[r].push_back(std::make_unique<jsp_writer>(own / name, column.type, width));
            }
        }
    }

    // Moves the rows that the recorders have filled to their files.
    void collect() {
        for (size_t r = 0; r < host_.recorders.size(); ++r) {
            const jsp_recorder_row &row = host_.network.recorders[r];
            jsp_recorder &recorder = host_.recorders[r];
            if (!recorder.count) continue;
            auto file = files_[r].begin();
            (*file++)->write(recorder.times, recorder.count);
            if (row.kind == JSP_EVENTS) (*file++)->write(recorder.indices, recorder.count);
            const int64_t width = row.kind == JSP_STATES ? recorder.size : 1;
            for (size_t c = 0; c < row.columns.size(); ++c) {
                const std::string scale = std::string("recorder.") + row.name + "." + row.columns[c].name;
                const jsp_array values =
                    jsp_converted(recorder.columns[c], width * recorder.count, row.columns[c].type,
                                  host_.layout.real(scale + ".zero"), host_.layout.real(scale + ".divisor"));
                (*file++)->write(values.bytes.data(), recorder.count);
            }
            recorder.count = 0;
        }
    }

    // Writes the counts of events and the state in which the network is left, and closes all files.
    void finish() {
        for (auto &files : files_)
            for (auto &file : files) file->finish();
        for (size_t r = 0; r < host_.recorders.size(); ++r) {
            if (host_.network.recorders[r].kind != JSP_EVENTS) continue;
            jsp_array count("<i8", {host_.recorders[r].size});
            std::copy_n(host_.recorders[r].totals, count.size(), count.as<int64_t>());
            jsp_write(folder_ / host_.network.recorders[r].name / "count.npy", count);
        }
        for (size_t a = 0; a < host_.arrays.size(); ++a) {
            const std::string name = host_.network.arrays[a].name;
            const size_t dot = name.find('.');
            if (!host_.network.arrays[a].result) continue;
            std::error_code problem;
            std::filesystem::create_directories(folder_ / name.substr(0, dot), problem);
            jsp_write(folder_ / name.substr(0, dot) / (name.substr(dot + 1) + ".npy"), host_.arrays[a]);
        }
    }

  private:
    jsp_host_memory &host_;
    std::filesystem::path folder_;
    std::vector<std::vector<std::unique_ptr<jsp_writer>>> files_;
};

#endif
