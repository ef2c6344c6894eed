// What one run leaves to the next: values of variables, constants that were changed, events that are on their way.
#ifndef JUPYSPIKE_CARRY_H
#define JUPYSPIKE_CARRY_H

#include "jupyspike_memory.h"

// Values of variables go on, where they were not set between the runs; so do tables that stayed the same.
inline void jsp_carry_arrays(const jsp_host_memory &from, jsp_host_memory &to, std::vector<bool> &changed) {
    for (size_t b = 0; b < to.arrays.size(); ++b) {
        const jsp_array_row &row = to.network.arrays[b];
        const std::string name = row.name, file = "arrays/" + name;
        const bool variable = row.domain >= 0;
        if (variable ? !row.result : to.has(file)) continue;
        for (size_t a = 0; a < from.arrays.size(); ++a) {
            const jsp_array &before = from.arrays[a];
            jsp_array &now = to.arrays[b];
            if (name != from.network.arrays[a].name || before.type != now.type || before.size() != now.size()) continue;
            jsp_array set("|b1", {now.size()});
            if (variable && to.has(file + ".set")) set = to.read(file + ".set", "|b1", now.size());
            const std::string order_file = "arrays/" + name.substr(0, name.find('.')) + ".order";
            jsp_array order("<i4", {0});  // where synapses were stored that are stored in another order now
            if (variable && to.has(order_file)) order = to.read(order_file, "<i4");
            const bool reordered = order.size() == now.size();
            const size_t item = jsp_with_type(now.type, [](auto value) { return sizeof value; });
            for (int64_t k = 0; k < now.size(); ++k) {
                char *place = now.bytes.data() + item * (size_t)k;
                const char *value = before.bytes.data() + item * (size_t)(reordered ? order.as<int32_t>()[k] : k);
                if (set.as<bool>()[k] || !memcmp(place, value, item)) continue;
                memcpy(place, value, item);
                changed[b] = true;
            }
        }
    }
}

// Constants keep the value that they were given, unless they got another one between the runs.
inline void jsp_carry_constants(const jsp_host_memory &from, jsp_host_memory &to, std::vector<bool> &changed) {
    for (size_t b = 0; b < to.network.parameters.size(); ++b)
        for (size_t a = 0; a < from.network.parameters.size(); ++a) {
            const std::string name = to.network.parameters[b].name;
            if (!to.network.parameters[b].settable || name != from.network.parameters[a].name) continue;
            double &now = to.parameters.as<double>()[b];
            const double before = from.parameters.as<double>()[a];
            if (now != from.given_parameters.as<double>()[a] || now == before) continue;
            now = before;
            changed[b] = true;
        }
}

#endif
