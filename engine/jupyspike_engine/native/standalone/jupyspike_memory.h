// The memory of a network as its program wants it (see jupyspike_program.h), read from the files of the folder data.
#ifndef JUPYSPIKE_MEMORY_H
#define JUPYSPIKE_MEMORY_H

#include <algorithm>
#include <memory>

#include "jupyspike_network.h"
#include "jupyspike_npy.h"

inline std::filesystem::path jsp_folder_of_run(const std::filesystem::path &data, int run) {
    return run > 1 ? data / ("run-" + std::to_string(run)) : data;
}

class jsp_host_memory {
  public:
    // The values of a run: what its folder `data/run-2` does not have is that of the run before.
    jsp_host_memory(const jsp_network &network, const std::filesystem::path &data, int run = 1)
        : network(network), layout(jsp_folder_of_run(data, run) / "layout.txt"), data_(data), run_(run) {
        memory = {};
        memory.interface_version = JUPYSPIKE_INTERFACE;
        memory.seed = layout.whole("seed");
        parameters = given_parameters = read("parameters", "<f8", (int64_t)network.parameters.size());
        memory.parameters = parameters.as<double>();
        read_clocks();
        read_domains();
        read_arrays();
        read_events();
        read_pathways();
        make_recorders();
        memory.parts = 1;
        divide(1);
    }
    jsp_host_memory(const jsp_host_memory &) = delete;

    // Divides all elements into parts, of which a thread does one or more; what comes out does not depend on it.
    void divide(int64_t parts) {
        memory.parts = parts;
        for (size_t d = 0; d < domains_.size(); ++d) {
            std::vector<int64_t> &cuts = cuts_[d];
            const int64_t size = domains_[d].size, unit = size >= 256 * parts ? 64 : 1;  // whole lines of the cache
            cuts.assign((size_t)parts + 1, size);
            for (int64_t p = 0; p < parts; ++p) cuts[(size_t)p] = p * size / parts / unit * unit;
            domains_[d].cuts = cuts.data();
        }
        for (size_t e = 0; e < events_.size(); ++e) {
            histories_[e].found.assign((size_t)parts, 0);
            events_[e].found = histories_[e].found.data();
        }
        if (parts > 1)
            for (size_t p = 0; p < pathways_.size(); ++p) divide_pathway(p);
    }

    // Enlarges the histories of events that cannot take a further step.
    void make_room() {
        for (size_t e = 0; e < events_.size(); ++e) {
            const int64_t size = domains_[(size_t)network.events[e].domain].size;
            if (events_[e].capacity - events_[e].head >= 2 * size) continue;
            histories_[e].elements.resize((size_t)(2 * events_[e].capacity + 2 * size));
            link_history(e);
        }
    }

    // The ticks of a clock that has a list of them.
    const jsp_array &times_of(ptrdiff_t clock) const { return times_[(size_t)clock]; }

    // The values of an array by the name that the user has for it; a null pointer if there is none.
    jsp_array *array(const std::string &name) {
        for (size_t a = 0; a < arrays.size(); ++a)
            if (name == network.arrays[a].name) return &arrays[a];
        return nullptr;
    }

    const jsp_network &network;
    const jsp_texts layout;
    jsp_memory memory;
    jsp_array parameters, given_parameters;
    std::vector<jsp_array> arrays;
    std::vector<jsp_clock> clocks;
    std::vector<jsp_recorder> recorders;

    // Whether the folder of this run has a file of its own.
    bool has(const std::string &name) const {
        std::error_code problem;
        return std::filesystem::exists(jsp_folder_of_run(data_, run_) / (name + ".npy"), problem);
    }

    jsp_array read(const std::string &name, const char *type, int64_t size = -1) const {
        std::filesystem::path path = data_ / (name + ".npy");
        std::error_code problem;
        for (int run = run_; run > 1; --run) {
            const std::filesystem::path own = jsp_folder_of_run(data_, run) / (name + ".npy");
            if (!std::filesystem::exists(own, problem)) continue;
            path = own;
            break;
        }
        jsp_array array = jsp_read(path);
        if (array.type != type || (size >= 0 && array.size() != size))
            throw jsp_error(path.string() + " holds " + std::to_string(array.size()) + " values of the type '" +
                            array.type + "', but the program needs " + (size < 0 ? "some" : std::to_string(size)) +
                            " of the type '" + type + "'");
        return array;
    }

    // Takes over the last events of each group from the memory of the run before, if that stopped where this one starts.
    void take_history(const jsp_host_memory &other) {
        for (size_t e = 0; e < events_.size(); ++e)
            for (size_t o = 0; o < other.events_.size(); ++o)
                if (std::string(network.events[e].name) == other.network.events[o].name) take_events(e, other, o);
    }

  private:
    void take_events(size_t e, const jsp_host_memory &other, size_t o) {
        const jsp_clock &clock = clocks[(size_t)network.events[e].clock];
        const jsp_clock &last = other.clocks[(size_t)other.network.events[o].clock];
        const jsp_events &given = other.events_[o];
        if (clock.dt != last.dt || clock.step != last.step) return;
        history &own = histories_[e];
        const int64_t depth = events_[e].depth;
        std::fill_n(own.begin.as<int64_t>(), depth, 0), std::fill_n(own.end.as<int64_t>(), depth, 0);
        std::vector<int32_t> kept;
        for (int64_t back = std::min({last.step, depth - 1, given.depth - 1}); back > 0; --back) {
            const int64_t step = last.step - back;
            own.begin.as<int64_t>()[step % depth] = (int64_t)kept.size();
            kept.insert(kept.end(), given.elements + given.begin[step % given.depth],
                        given.elements + given.end[step % given.depth]);
            own.end.as<int64_t>()[step % depth] = (int64_t)kept.size();
        }
        events_[e].head = (int64_t)kept.size();
        kept.resize(kept.size() + own.elements.size(), 0);
        own.elements = kept;
        link_history(e);
    }

    struct history {
        std::vector<int32_t> elements;
        jsp_array begin, end, given_steps, given_elements;
        std::vector<int64_t> found;
    };
    struct path {
        jsp_array rows, synapses, delays, segments, segment_delays, due_steps, due_synapses;
        std::vector<int32_t> sorted, splits;
    };
    struct buffer {
        std::vector<double> times;
        std::vector<int32_t> indices;
        std::vector<std::vector<double>> columns;
        std::vector<double *> column_pointers;
        std::vector<int64_t> totals;
        jsp_array elements;
    };

    void read_clocks() {
        clocks.resize((size_t)network.clocks);
        times_.resize(clocks.size());
        for (size_t c = 0; c < clocks.size(); ++c) {
            const std::string name = "clock." + std::to_string(c);
            if (network.clock_has_times[c]) times_[c] = read("clocks/" + name + ".times", "<f8");
            clocks[c] = {layout.count(name + ".step"), layout.count(name + ".end"), layout.real(name + ".dt"),
                         network.clock_has_times[c] ? times_[c].as<double>() : nullptr};
        }
        memory.clocks = clocks.data();
    }

    void read_domains() {
        domains_.resize(network.domains.size());
        cuts_.resize(domains_.size());
        ends_.resize(2 * domains_.size());
        for (size_t d = 0; d < domains_.size(); ++d) {
            const jsp_domain_row &row = network.domains[d];
            const std::string name = row.name;
            domains_[d] = {};
            domains_[d].size = layout.count("domain." + name + ".size");
            domains_[d].stream = (uint32_t)layout.whole("domain." + name + ".stream");
            if (row.pre < 0) continue;
            ends_[2 * d] = read("ends/" + name + ".pre", "<i4", domains_[d].size);
            ends_[2 * d + 1] = read("ends/" + name + ".post", "<i4", domains_[d].size);
            domains_[d].pre = ends_[2 * d].as<int32_t>(), domains_[d].post = ends_[2 * d + 1].as<int32_t>();
        }
        memory.domains = domains_.data();
    }

    void read_arrays() {
        for (const jsp_array_row &row : network.arrays)
            arrays.push_back(read(std::string("arrays/") + row.name, row.type));
        for (jsp_array &array : arrays) array_pointers_.push_back(array.bytes.data());
        memory.arrays = array_pointers_.data();
    }

    void read_events() {
        events_.resize(network.events.size());
        histories_.resize(events_.size());
        for (size_t e = 0; e < events_.size(); ++e) {
            const std::string name = network.events[e].name, file = "events/" + name;
            history &own = histories_[e];
            own.begin = read(file + ".begin", "<i8"), own.end = read(file + ".end", "<i8");
            const jsp_array elements = read(file + ".elements", "<i4");
            own.elements.assign((size_t)layout.count("event." + name + ".capacity"), 0);
            std::copy_n(elements.as<int32_t>(), elements.size(), own.elements.data());
            events_[e] = {};
            events_[e].head = elements.size();
            events_[e].begin = own.begin.as<int64_t>(), events_[e].end = own.end.as<int64_t>();
            events_[e].depth = own.begin.size();
            if (network.events[e].given) {
                own.given_steps = read(file + ".given_steps", "<i8");
                own.given_elements = read(file + ".given_elements", "<i4", own.given_steps.size());
                events_[e].given_steps = own.given_steps.as<int64_t>();
                events_[e].given_elements = own.given_elements.as<int32_t>();
                events_[e].given_count = own.given_steps.size();
                events_[e].given_period = layout.count("event." + name + ".period");
            }
            link_history(e);
        }
        memory.events = events_.data();
    }

    void link_history(size_t e) {
        events_[e].elements = histories_[e].elements.data();
        events_[e].capacity = (int64_t)histories_[e].elements.size();
    }

    void read_pathways() {
        pathways_.resize(network.pathways.size());
        paths_.resize(pathways_.size());
        for (size_t p = 0; p < pathways_.size(); ++p) {
            const jsp_pathway_row &row = network.pathways[p];
            const std::string name = row.name, file = "pathways/" + name;
            path &own = paths_[p];
            own.rows = read(file + ".rows", "<i8"), own.delays = read(file + ".delays", "<i8");
            own.due_steps = read(file + ".due_steps", "<i8");
            own.due_synapses = read(file + ".due_synapses", "<i4", own.due_steps.size());
            jsp_pathway &pathway = pathways_[p];
            pathway = {};
            pathway.rows = own.rows.as<int64_t>(), pathway.count = own.rows.size() - 1;
            pathway.first = layout.count("pathway." + name + ".first");
            pathway.since = layout.count("pathway." + name + ".since");
            pathway.delays = own.delays.as<int64_t>(), pathway.delay_count = own.delays.size();
            pathway.due_steps = own.due_steps.as<int64_t>(), pathway.due_count = own.due_steps.size();
            pathway.due_synapses = own.due_synapses.as<int32_t>();
            if (row.has_list) {
                own.synapses = read(file + ".synapses", "<i4");
                pathway.synapses = own.synapses.as<int32_t>();
            }
            if (!row.has_segments) continue;
            own.segments = read(file + ".segments", "<i4");
            own.segment_delays = read(file + ".segment_delays", "<i4", own.segments.size() - 1);
            pathway.segments = own.segments.as<int32_t>();
            pathway.segment_delays = own.segment_delays.as<int32_t>();
        }
        memory.pathways = pathways_.data();
    }

    // Sorts each row of synapses (or segment) by the part of the neuron that they write to, in their order otherwise.
    void divide_pathway(size_t number) {
        const jsp_pathway_row &row = network.pathways[number];
        if (row.end < 0) return;
        const jsp_domain &synapses = domains_[(size_t)row.synapses];
        const jsp_domain_row &ends = network.domains[(size_t)row.synapses];
        const size_t owners_domain = (size_t)(row.end == 0 ? ends.pre : ends.post);
        const std::vector<int64_t> &cuts = cuts_[owners_domain];
        const int64_t parts = memory.parts;
        std::vector<int32_t> part_of((size_t)domains_[owners_domain].size);
        for (int64_t p = 0; p < parts; ++p)
            std::fill(part_of.begin() + cuts[(size_t)p], part_of.begin() + cuts[(size_t)p + 1], (int32_t)p);
        jsp_pathway &pathway = pathways_[number];
        path &own = paths_[number];
        pathway.owners = row.end == 0 ? synapses.pre : synapses.post;
        pathway.cuts = cuts.data();
        const int64_t count = (row.has_segments ? own.segments : own.rows).size() - 1;
        const auto at = [&](int64_t r) { return row.has_segments ? pathway.segments[r] : pathway.rows[r]; };
        const auto synapse_at = [&](int64_t k) { return row.has_list ? own.synapses.as<int32_t>()[k] : (int32_t)k; };
        const auto part = [&](int32_t synapse) { return part_of[(size_t)pathway.owners[synapse]]; };
        bool sorted = true;
        for (int64_t r = 0; r < count; ++r)
            for (int64_t k = at(r); k + 1 < at(r + 1); ++k)
                sorted = sorted && part(synapse_at(k)) <= part(synapse_at(k + 1));
        if (!sorted) sort_rows(number, count, at, synapse_at, part);
        if (row.has_segments) return;
        own.splits.assign((size_t)(count * (parts - 1)), 0);
        for (int64_t r = 0; r < count; ++r)
            for (int64_t p = 0; p + 1 < parts; ++p)
                own.splits[(size_t)(r * (parts - 1) + p)] = (int32_t)jsp_split(&pathway, at(r), at(r + 1), p + 1);
        pathway.splits = own.splits.data();
    }

    template <class At, class Synapse, class Part>
    void sort_rows(size_t number, int64_t count, const At &at, const Synapse &synapse_at, const Part &part) {
        std::vector<int32_t> &sorted = paths_[number].sorted;
        sorted.resize((size_t)at(count));
        for (int64_t k = 0; k < at(count); ++k) sorted[(size_t)k] = synapse_at(k);
        const auto before = [&](int32_t one, int32_t other) { return part(one) < part(other); };
        for (int64_t r = 0; r < count; ++r) std::stable_sort(sorted.data() + at(r), sorted.data() + at(r + 1), before);
        pathways_[number].synapses = sorted.data();
    }

    void make_recorders() {
        recorders.resize(network.recorders.size());
        buffers_.resize(recorders.size());
        for (size_t r = 0; r < recorders.size(); ++r) {
            const jsp_recorder_row &row = network.recorders[r];
            const std::string name = std::string("recorder.") + row.name;
            buffer &own = buffers_[r];
            jsp_recorder &recorder = recorders[r];
            recorder = {};
            recorder.capacity = layout.count(name + ".capacity");
            recorder.first = layout.count(name + ".first"), recorder.size = layout.count(name + ".size");
            const bool rows = layout.whole(name + ".rows") != 0;
            const size_t capacity = rows ? (size_t)recorder.capacity : 1;
            const size_t width = row.kind == JSP_STATES ? (size_t)recorder.size : 1;
            own.times.resize(capacity);
            own.indices.resize(row.kind == JSP_EVENTS ? capacity : 1);
            for (size_t c = 0; c < row.columns.size(); ++c) own.columns.emplace_back(capacity * width + 1);
            for (std::vector<double> &column : own.columns) own.column_pointers.push_back(column.data());
            own.totals.resize((size_t)recorder.size + 1);
            recorder.times = rows ? own.times.data() : nullptr, recorder.indices = own.indices.data();
            recorder.columns = own.column_pointers.data(), recorder.totals = own.totals.data();
            if (row.kind != JSP_STATES) continue;
            own.elements = read(std::string("recorders/") + row.name + ".elements", "<i4", recorder.size);
            recorder.elements = own.elements.as<int32_t>();
        }
        memory.recorders = recorders.data();
    }

    std::filesystem::path data_;
    int run_;
    std::vector<jsp_domain> domains_;
    std::vector<std::vector<int64_t>> cuts_;
    std::vector<jsp_array> times_, ends_;
    std::vector<void *> array_pointers_;
    std::vector<jsp_events> events_;
    std::vector<history> histories_;
    std::vector<jsp_pathway> pathways_;
    std::vector<path> paths_;
    std::vector<buffer> buffers_;
};

#endif
