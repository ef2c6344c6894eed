// Advancing a memory with several threads: for hosts, in C++.
#ifndef JUPYSPIKE_TEAM_H
#define JUPYSPIKE_TEAM_H

#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

#include "jupyspike_program.h"

#if defined(__linux__)
#include <sched.h>
#endif

// Lets this thread run anywhere but on a processor where another one of the team does: workers that wait for each other
// on one processor are slower by orders of magnitude, and systems may leave them there.
static inline void jsp_keep_off(int processor) {
#if defined(__linux__)
    cpu_set_t allowed;
    if (sched_getaffinity(0, sizeof allowed, &allowed) || CPU_COUNT(&allowed) < 2) return;
    CPU_CLR(processor, &allowed);
    sched_setaffinity(0, sizeof allowed, &allowed);
#endif
    (void)processor;
}
static inline int jsp_processor() {
#if defined(__linux__)
    return sched_getcpu();
#else
    return -1;
#endif
}

typedef int32_t (*jsp_advance)(jsp_memory *, int64_t, const jsp_worker *);

// Calls a program with a team of at most `threads` workers, this thread among them; returns what it returned.
static inline int32_t jsp_advance_together(jsp_advance advance, jsp_memory *m, int64_t budget, int32_t threads) {
    jsp_team team = {threads < m->parts ? threads : (int32_t)m->parts, 0, 0, 0};
    std::atomic<int32_t> size(0);  // of the team, once it is known how many threads the system gave
    std::vector<std::thread> others;
    const int own = jsp_processor();
    for (int32_t k = 1; k < team.size; ++k) {
        try {
            others.emplace_back([&, k] {
                if (own >= 0) jsp_keep_off(own);
                while (!size.load(std::memory_order_acquire)) std::this_thread::yield();
                const jsp_worker w = jsp_member(&team, k, m->parts);
                advance(m, budget, &w);
            });
        } catch (const std::system_error &) {
            break;
        }
    }
    team.size = 1 + (int32_t)others.size();
    size.store(team.size, std::memory_order_release);
    const jsp_worker w = jsp_member(&team, 0, m->parts);
    const int32_t status = advance(m, budget, &w);
    for (std::thread &other : others) other.join();
    return status;
}

#endif
