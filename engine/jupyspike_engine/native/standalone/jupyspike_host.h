// Runs a network without Python: its values, the changes asked for, the run, and the results.
#ifndef JUPYSPIKE_HOST_H
#define JUPYSPIKE_HOST_H

#include <chrono>
#include <csignal>
#include <iostream>

#include "jupyspike_carry.h"
#include "jupyspike_results.h"
#include "jupyspike_step.h"
#include "jupyspike_team.h"

inline volatile std::sig_atomic_t jsp_interrupted = 0;
inline jsp_memory *jsp_running = nullptr;

// Ctrl+C: the present step is completed, and all that was recorded is kept.
inline void jsp_interrupt(int) {
    jsp_interrupted = 1;
    if (jsp_running) jsp_running->stop = 1;
}

#if defined(__clang__)
#define JSP_COMPILER "clang++ " __clang_version__
#elif defined(__GNUC__)
#define JSP_COMPILER "g++ " __VERSION__
#else
#define JSP_COMPILER "another one"
#endif

// Whether a constant is meant by a name: its full one, or its last part.
inline bool jsp_is_called(const std::string &full, const std::string &name) {
    return full == name || full.substr(full.find('.') + 1) == name;
}

class jsp_host {
  public:
    // The network in the state in which it was before the first of its runs.
    jsp_host(const std::vector<const jsp_network *> &runs, const std::filesystem::path &data)
        : runs_(runs), data_(data) {
        for (const jsp_network *network : runs)
            if (network->version() != JUPYSPIKE_INTERFACE) throw jsp_error("the program and its host do not fit");
        begin(std::make_unique<jsp_host_memory>(*runs[0], data));
        const jsp_texts texts(data / "parameters.txt");
        for (const auto &[name, text] : texts.all()) set_constant(name, text, "data/parameters.txt: ");
    }

    // Goes on to the next run: values are as the last one left them, or as they were set between the two.
    void next() {
        auto following = std::make_unique<jsp_host_memory>(*runs_[(size_t)run_], data_, run_ + 1);
        const auto before = std::move(values);
        ++run_;
        begin(std::move(following));
        jsp_carry_arrays(*before, *values, changed_arrays_);
        jsp_carry_constants(*before, *values, changed_parameters_);
        values->take_history(*before);
        if (seeded_) values->memory.seed = seed_;
        if (duration_ >= 0.0) set_duration(duration_);
        const auto later = std::move(later_);
        later_.clear();
        for (const auto &[name, text] : later) apply(name, text);
    }

    // Present time of the network in seconds.
    double time() const { return jsp_time(&values->clocks[0]); }

    // Values of a variable, as host.array<double>("neurons.v").
    template <class T> T *array(const std::string &name) {
        jsp_array *found = values->array(name);
        if (!found) throw jsp_error("there is no array '" + name + "'" + jsp_nearest(name, names()));
        const bool same = jsp_with_type(found->type, [](auto value) { return std::is_same_v<decltype(value), T>; });
        if (!same) throw jsp_error("the values of '" + name + "' are of the type '" + found->type + "'");
        return found->as<T>();
    }

    // Gives a constant a number, or a variable a number or the values of a .npy file.
    void set(const std::string &name, const std::string &text) {
        changes_.push_back(name + " = " + text);
        apply(name, text);
    }

    void set_seed(uint64_t seed) { seeded_ = true, seed_ = values->memory.seed = seed; }

    // Of the last run.
    void set_duration(double seconds) {
        duration_ = seconds;
        if ((size_t)run_ < runs_.size()) return;
        const double smallest = values->clocks[0].dt, end = std::nearbyint((start_ + seconds) / smallest) * smallest;
        for (jsp_clock &clock : values->clocks) {
            if (clock.times) {
                const double *last = times_end(clock);
                const double limit = end - 1e-4 * smallest;
                clock.end = std::max<int64_t>(clock.step, std::lower_bound(clock.times, last, limit) - clock.times);
            } else clock.end = std::max<int64_t>(clock.step, (int64_t)std::ceil(end / clock.dt - 1e-4));
        }
    }

    // Runs to the end and writes the results, behind those of the runs before; returns the exit code. A run whose
    // results find no room ends, and has no run.txt, as one that was killed.
    int run(int threads, const std::filesystem::path &folder) {
        const auto began = std::chrono::steady_clock::now();
        compute_propagators();
        threads = JSP_TEAMS && network().shareable ? threads : 1;
        values->divide(threads);
        std::error_code ignored;
        std::filesystem::remove(folder / "run.txt", ignored);
        results_.open(*values, folder);
        jsp_running = &values->memory;
        std::signal(SIGINT, jsp_interrupt);
#ifdef SIGXFSZ
        std::signal(SIGXFSZ, SIG_IGN);  // what does not fit is told as on a full disk
#endif
        int32_t status;
        do {
            status = jsp_advance_together(network().advance, &values->memory, INT64_MAX, threads);
            results_.collect(*values);
            if (status == JSP_FULL) values->make_room();
        } while (results_.problem.empty() && (status == JSP_FULL || status == JSP_BUDGET));
        std::signal(SIGINT, SIG_DFL);
        jsp_running = nullptr;
        results_.finish(*values);
        took_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
        if (results_.problem.empty()) results_.attempt([&] { write_summary(folder, threads); });
        return ended(status);
    }

    // All that may be set: constants, variables and tables.
    std::vector<std::string> names() const {
        std::vector<std::string> all;
        for (const jsp_parameter_row &row : network().parameters)
            if (row.settable) all.push_back(row.name);
        for (const jsp_array_row &row : network().arrays)
            if (row.settable) all.push_back(row.name);
        return all;
    }

    // Tells a function of all names that may be set and that only later runs know, with the number of the run.
    template <class F> void later_names(F tell) const {
        std::vector<std::string> known = names();
        const auto look_at = [&](const std::string &name, bool settable, size_t run) {
            if (!settable || std::find(known.begin(), known.end(), name) != known.end()) return;
            known.push_back(name);
            tell(name, run);
        };
        for (size_t run = (size_t)run_; run < runs_.size(); ++run) {
            for (const jsp_parameter_row &row : runs_[run]->parameters) look_at(row.name, row.settable, run + 1);
            for (const jsp_array_row &row : runs_[run]->arrays) look_at(row.name, row.settable, run + 1);
        }
    }

    // Of the present run.
    std::unique_ptr<jsp_host_memory> values;
    const jsp_network &network() const { return values->network; }

  private:
    void begin(std::unique_ptr<jsp_host_memory> memory) {
        values = std::move(memory);
        changed_parameters_.assign(network().parameters.size(), false);
        changed_arrays_.assign(network().arrays.size(), false);
        start_ = time();
    }

    // Now, or when the first run comes that knows the name.
    void apply(const std::string &name, const std::string &text) {
        if (!knows(network(), name))
            for (size_t later = (size_t)run_; later < runs_.size(); ++later)
                if (knows(*runs_[later], name)) return later_.emplace_back(name, text), void();
        for (size_t a = 0; a < values->arrays.size(); ++a)
            if (name == network().arrays[a].name) return set_array(a, text);
        set_constant(name, text, "--set " + name + ": ");
    }

    static bool knows(const jsp_network &network, const std::string &name) {
        for (const jsp_array_row &row : network.arrays)
            if (name == row.name) return true;
        for (const jsp_parameter_row &row : network.parameters)
            if (row.settable && jsp_is_called(row.name, name)) return true;
        return false;
    }

    // A constant by its full name, or by its last part: then that of all objects that have one of this name.
    void set_constant(const std::string &name, const std::string &text, const std::string &place) {
        double number;
        std::vector<size_t> meant;
        for (size_t p = 0; p < network().parameters.size(); ++p) {
            if (network().parameters[p].settable && jsp_is_called(network().parameters[p].name, name)) meant.push_back(p);
        }
        if (meant.empty())
            throw jsp_error(place + "there is no constant or variable '" + name + "'" + jsp_nearest(name, all_names()));
        if (!jsp_number(text, number)) throw jsp_error(place + "expected a number in SI units, found '" + text + "'");
        for (const size_t p : meant) {
            double &value = values->parameters.as<double>()[p];
            if (value == number || (value != value && number != number)) continue;
            value = number;
            changed_parameters_[p] = true;
        }
    }

    // Full names and last parts.
    std::vector<std::string> all_names() const {
        std::vector<std::string> all = names();
        for (const jsp_parameter_row &row : network().parameters)
            if (const std::string full = row.name; row.settable) all.push_back(full.substr(full.find('.') + 1));
        later_names([&](const std::string &name, size_t) { all.push_back(name); });
        return all;
    }

    void set_array(size_t number_of_array, const std::string &text) {
        const jsp_array_row &row = network().arrays[number_of_array];
        const std::string place = std::string("--set ") + row.name + ": ";
        if (!row.settable) throw jsp_error(place + "it follows from the network and cannot be set");
        jsp_array &array = values->arrays[number_of_array];
        changed_arrays_[number_of_array] = true;
        double number;
        jsp_array given("<f8", {1});
        if (jsp_number(text, number)) given.as<double>()[0] = number;
        else given = jsp_read(text);
        const int64_t size = array.size();
        if (given.size() != 1 && given.size() != size)
            throw jsp_error(place + "expected " + std::to_string(size) + " values (or one for all), found " +
                            std::to_string(given.size()) + " in " + text);
        jsp_with_type(array.type, [&](auto value) {
            typedef decltype(value) T;
            for (int64_t k = 0; k < size; ++k) {
                const double next = given.number(given.size() == 1 ? 0 : k);
                if (!jsp_fits<T>(next))
                    throw jsp_error(place + jsp_shown(next) + " cannot be a value of the type '" + array.type + "'");
                array.as<T>()[k] = (T)next;
            }
        });
    }

    // What exact integration needs, as far as something has changed that it depends on.
    void compute_propagators() {
        for (const jsp_propagator_row &row : network().propagators) {
            bool changed = false;
            for (const int p : row.parameters) changed = changed || changed_parameters_[(size_t)p];
            for (const int a : row.arrays) changed = changed || changed_arrays_[(size_t)a];
            if (changed) row.compute(&values->memory, values->parameters.as<double>());
        }
    }

    const double *times_end(const jsp_clock &clock) const {
        return clock.times + values->times_of(&clock - values->clocks.data()).size();
    }

    void write_summary(const std::filesystem::path &folder, int threads) const {
        std::error_code problem;
        std::filesystem::copy_file(data_.parent_path() / "provenance.json", folder / "provenance.json",
                                   std::filesystem::copy_options::overwrite_existing, problem);
        std::ofstream file(folder / "run.txt");
        for (const std::string &change : changes_) file << "set " << change << "\n";
        file << "t = " << jsp_shown(time()) << "  # s, where the network stands\n"
             << "seed = " << values->memory.seed << "\n"
             << "threads = " << threads << "\n"
             << "compiler = " << JSP_COMPILER << "\n"
             << "seconds = " << jsp_shown(took_) << "  # that it took\n";
        file.flush();
        if (!file) throw jsp_error("the file " + (folder / "run.txt").string() + " cannot be written");
    }

    int ended(int32_t status) const {
        for (size_t a = 0; a < values->arrays.size(); ++a) {
            const jsp_array_row &row = network().arrays[a];
            const bool failing = *row.failure != 0;
            if (!row.watched && !failing) continue;
            for (int64_t k = 0; k < values->arrays[a].size(); ++k) {
                const double value = values->arrays[a].number(k);
                if (failing && value != 0.0) {
                    std::cerr << row.failure << "[" << k << "] within their bounds, in the time step that ended at t = "
                              << jsp_shown(value) << " s.\n";
                    return 1;
                }
                if (!row.watched || std::isfinite(value)) continue;
                std::cerr << row.name << "[" << k << "] is " << value << " at the end: try a smaller dt, or look for a "
                          << "division by zero in the equations.\n";
                break;
            }
        }
        if (!results_.problem.empty()) {
            std::cerr << results_.problem << "; the run ended at t = " << jsp_shown(time())
                      << " s, files hold what they had room for.\n";
            return 1;
        }
        if (jsp_interrupted) {
            std::cerr << "Interrupted at t = " << jsp_shown(time()) << " s; everything recorded until then is kept.\n";
            return 130;
        }
        return status == JSP_DONE || status == JSP_STOPPED ? 0 : 1;
    }

    std::vector<const jsp_network *> runs_;
    std::filesystem::path data_;
    jsp_results results_;
    int run_ = 1;  // counted from 1
    double start_ = 0.0, took_ = 0.0, duration_ = -1.0;
    bool seeded_ = false;
    uint64_t seed_ = 0;
    std::vector<std::pair<std::string, std::string>> later_;
    std::vector<std::string> changes_;
    std::vector<bool> changed_parameters_, changed_arrays_;
};

#endif
