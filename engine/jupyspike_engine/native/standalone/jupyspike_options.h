// The command line of an exported network.
#ifndef JUPYSPIKE_OPTIONS_H
#define JUPYSPIKE_OPTIONS_H

#include <utility>

#include "jupyspike_host.h"

struct jsp_options {
    std::vector<std::pair<std::string, std::string>> values;
    std::string output = "results", data, seed, duration, threads;
    bool help = false, list = false;
};

inline const char *const jsp_help =
    "  --set NAME=VALUE    give a constant another value in SI units, or a variable a number for all its elements\n"
    "                      or the values of a file, as in --set neurons.v=start.npy; may be repeated\n"
    "  --list              show all names that can be set, and the monitors\n"
    "  --duration SECONDS  model time to simulate, in the last run if there are several\n"
    "  --seed NUMBER       other random numbers in the run (connections stay as they are)\n"
    "  --threads NUMBER    threads that share the network; the results do not depend on it\n"
    "  --output FOLDER     where the results are written, \"results\" by default\n"
    "  --data FOLDER       where the values are read, \"data\" beside the program by default\n"
    "  --help              show this\n";

// The options, each as `--name value` or `--name=value`.
inline jsp_options jsp_parsed(int count, char **words) {
    jsp_options options;
    std::string *const places[] = {&options.output, &options.data, &options.seed, &options.duration, &options.threads};
    const std::vector<std::string> names = {"--output", "--data", "--seed", "--duration", "--threads",
                                            "--set",    "--list", "--help"};
    for (int k = 1; k < count; ++k) {
        const std::string word = words[k];
        const size_t equal = word.find('=');
        const std::string name = word == "-h" ? "--help" : word.substr(0, equal);
        const size_t number = (size_t)(std::find(names.begin(), names.end(), name) - names.begin());
        if (number == names.size())
            throw jsp_error("there is no option '" + name + "'" + jsp_nearest(name, names) + " (--help shows all)");
        if (name == "--help" || name == "--list") {
            (name == "--help" ? options.help : options.list) = true;
            continue;
        }
        if (equal == std::string::npos && k + 1 == count) throw jsp_error("the option " + name + " needs a value");
        const std::string value = equal == std::string::npos ? words[++k] : word.substr(equal + 1);
        if (number < 5) {
            *places[number] = value;
            continue;
        }
        const size_t assigned = value.find('=');
        if (assigned == std::string::npos) throw jsp_error("--set expects NAME=VALUE, found '" + value + "'");
        options.values.emplace_back(jsp_trimmed(value.substr(0, assigned)), jsp_trimmed(value.substr(assigned + 1)));
    }
    return options;
}

// The folder with the values: the one asked for, or "data" beside the program, above it or here.
inline std::filesystem::path jsp_data_folder(const std::string &asked, const char *program) {
    namespace fs = std::filesystem;
    std::error_code problem;
    if (!asked.empty()) return asked;
    fs::path self = fs::canonical("/proc/self/exe", problem);
    if (problem) self = fs::absolute(program, problem);
    for (const fs::path &place : {self.parent_path(), self.parent_path().parent_path(), fs::current_path(problem)})
        if (fs::exists(place / "data" / "layout.txt", problem)) return place / "data";
    throw jsp_error("there is no folder 'data' beside the program; --data FOLDER says where it is");
}

inline void jsp_show_names(const jsp_host &host) {
    const jsp_network &network = host.network();
    std::cout << "Constants (in SI units):\n";
    for (size_t p = 0; p < network.parameters.size(); ++p) {
        const jsp_parameter_row &row = network.parameters[p];
        if (!row.settable) continue;
        const double value = host.values->parameters.as<double>()[p];
        std::cout << "  " << row.name << " = " << jsp_shown(value) << "  # " << row.unit << ", " << row.about << "\n";
    }
    std::cout << "Variables and tables (a number for all elements, or a .npy file):\n";
    for (size_t a = 0; a < network.arrays.size(); ++a)
        if (const jsp_array_row &row = network.arrays[a]; row.settable)
            std::cout << "  " << row.name << "  # " << row.unit << ", " << host.values->arrays[a].size()
                      << " values of the type " << row.type << "\n";
    host.later_names([](const std::string &name, size_t run) {
        std::cout << "  " << name << "  # from run " << run << " on\n";
    });
    std::cout << "Monitors:\n";
    for (const jsp_recorder_row &row : network.recorders) {
        const char *kinds[] = {"events", "states", "rate"};
        std::cout << "  " << row.name << "  # " << kinds[row.kind];
        for (const jsp_column_row &column : row.columns) std::cout << ", " << column.name << " (" << column.unit << ")";
        std::cout << "\n";
    }
}

inline int jsp_threads(const jsp_options &options, const jsp_host &host) {
    uint64_t threads = host.values->layout.whole("threads");
    if (!options.threads.empty() && (!jsp_whole_number(options.threads, threads) || threads < 1 || threads > 256))
        throw jsp_error("--threads expects a whole number from 1 to 256, found '" + options.threads + "'");
    return (int)threads;
}

// Makes the changes that the command line asks for.
inline void jsp_apply(const jsp_options &options, jsp_host &host) {
    uint64_t seed;
    double duration;
    if (!options.seed.empty()) {
        if (!jsp_whole_number(options.seed, seed))
            throw jsp_error("--seed expects a whole number below 2**64, found '" + options.seed + "'");
        host.set_seed(seed);
    }
    if (!options.duration.empty()) {
        if (!jsp_number(options.duration, duration) || !(duration >= 0.0) || duration > 1e12)
            throw jsp_error("--duration expects seconds, found '" + options.duration + "'");
        host.set_duration(duration);
    }
    for (const auto &[name, value] : options.values) host.set(name, value);
}

#endif
