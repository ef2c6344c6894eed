// What a machine takes for the memory that a network goes through: four arrays of neurons, stepped one after the other,
// and events that add to a thousand neurons each, found by 4-byte numbers.
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <vector>

static double now() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int main(int, char **arguments) {
    const int64_t neurons = atoll(arguments[1]), row = 1000, steps = 10000;
    std::vector<double> v(neurons, 1.0), ge(neurons, 0.5), gi(neurons, 0.5), last(neurons, -1.0);
    std::vector<int32_t> targets(neurons * row);
    uint64_t state = 1;
    const auto random = [&state] { return (state = state * 6364136223846793005u + 1442695040888963407u) >> 33; };
    for (int64_t k = 0; k < neurons * row; ++k)  // in each row they ascend
        targets[k] = (int32_t)((k % row * neurons + (int64_t)(random() % (uint64_t)neurons)) / row);
    double in_neurons = 0.0, in_events = 0.0, due = 0.0;
    int64_t events = 0;
    for (int64_t step = 0; step < steps; ++step) {
        const double began = now(), t = 1e-4 * step;
        for (int64_t i = 0; i < neurons; ++i) {
            const double change = 0.995 * v[i] + 0.0045 * ge[i] + 0.0047 * gi[i];
            v[i] = t - last[i] > 0.005 ? change : v[i];
            ge[i] *= 0.98;
            gi[i] *= 0.99;
        }
        const double middle = now();
        for (due += 5e-4 * neurons; due >= 1.0; due -= 1.0, events += row) {
            const int64_t source = (int64_t)(random() % (uint64_t)neurons);
            double *g = source * 5 < neurons * 4 ? ge.data() : gi.data();
            for (int64_t k = source * row; k < (source + 1) * row; ++k) g[targets[k]] += 1e-3;
        }
        in_neurons += middle - began;
        in_events += now() - middle;
    }
    printf("%g %g %g\n", 1e9 * in_neurons / (double)(neurons * steps), 1e9 * in_events / (double)events, v[0]);
}
