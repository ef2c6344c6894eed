"""Custom events."""

from proofs import Page

from jupyspike import *

section = Page("13. advanced/custom_events")


@section.often(
    "events={'name': 'condition'}, run_on_event(), EventMonitor, synapses with on_event",
    "custom events happen in refractory neurons too",
)
def events():
    G = NeuronGroup(2, "v : 1\nn : 1", threshold="True", refractory=1 * ms, events={"high": "v > 0.5"})
    G.run_on_event("high", "n += 1")
    G.v, M, E = [0, 1], SpikeMonitor(G), EventMonitor(G, "high")
    S = Synapses(G, G, "w : 1", on_pre="w += 1", on_event="high")
    S.connect(j="i")
    run(1 * ms)
    assert M.num_spikes == 2 and E.num_events == 10 and list(G.n) == [0, 10] and list(S.w) == [0, 10]


@section.often("set_event_schedule(); when= of run_on_event (after_resets) and of events (after_thresholds)")
def schedule():
    G = NeuronGroup(1, "v : 1\nn : 1", threshold="True", reset="v += 1", events={"high": "v > 0.5"})
    G.run_on_event("high", "n += 1")
    assert G.thresholder["high"].when == "after_thresholds" and G.resetter["high"].when == "after_resets"
    G.set_event_schedule("high", when="before_resets")
    run(0.1 * ms)
    assert G.thresholder["high"].when == "before_resets" and list(G.n) == [0]
