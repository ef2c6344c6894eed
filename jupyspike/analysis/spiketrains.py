"""Rates, intervals and spectra of spike trains: times in seconds, neurons as numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.integer]

FROM_START, FROM_END = 1.5, 2.0
"""How far from the first and the last time the middle of a smoothing Gaussian stays, in standard deviations."""


def binned_counts(times: Floats, start: float, stop: float, width: float) -> tuple[Floats, Floats]:
    """Centres of the bins between two times that begin at multiples of their width, and the spikes in each.

    >>> binned_counts(np.array([0.1, 0.15, 0.35]), 0.05, 0.45, 0.1)
    (array([0.15, 0.25, 0.35]), array([2., 0., 1.]))
    """
    first = int(np.ceil(start / width - 1e-6))
    count = max(0, int(np.floor(stop / width + 1e-6)) - first)
    places = np.floor(times / width + 1e-6).astype(np.int64) - first
    inside = places[(places >= 0) & (places < count)]
    centres = np.asarray((first + np.arange(count) + 0.5) * width, np.float64)
    return centres, np.bincount(inside, minlength=count).astype(np.float64)


def smoothed_rate(
    times: Floats, neurons: int, start: float, stop: float, width: float, smoothing: float
) -> tuple[Floats, Floats]:
    """The rate (Hz) of a population, counted in bins and smoothed with a Gaussian.

    Nearer to the ends than `FROM_START` and `FROM_END` it stays what it is there. Part of the Gaussian has nothing
    under it; the half that is left at the very end, made twice as high, would have no bias, but twice the variance, and
    of a regular train it would be twice the rate right after a spike and zero right before one. A Gaussian moved
    inwards has no bias of a steady rate and no more variance than in the middle: of a clock of 91 Hz, smoothed with
    4 ms, the standard deviation is 9.4 Hz in the middle, 8.4 Hz at the last time (cut there: 63 Hz) and 13 Hz at the
    first one. The price is a delay, shorter at the start, because many a network begins with a burst, than at the end,
    which is seen anew in every frame.

    Parameters
    ----------
    times : numpy.ndarray
        Of all spikes (s).
    neurons : int
        How many there are.
    start, stop, width : float
        Where bins lie, and how wide they are (s).
    smoothing : float
        Standard deviation of the Gaussian (s).

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        Centres of the bins (s) and the rate in each.
    """
    centres, counts = binned_counts(times, start, stop, width)
    if not len(counts):
        return centres, counts
    reach = max(1, round(4 * smoothing / width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * width / smoothing) ** 2)
    inner = slice(reach, reach + len(counts))
    mass = np.convolve(np.ones(len(counts)), kernel)[inner]  # of the part that has bins under it
    rate = np.convolve(counts, kernel)[inner] / mass / (max(1, neurons) * width)
    last = len(counts) - 1
    low = min(round(FROM_START * smoothing / width), last // 2)
    high = max(last - round(FROM_END * smoothing / width), last // 2)
    return centres, rate[np.clip(np.arange(len(counts)), low, high)]


def intervals(times: Floats, neurons: Numbers) -> tuple[Floats, Numbers]:
    """The times between successive spikes of each neuron, and the neurons they belong to.

    >>> intervals(np.array([0.0, 0.1, 0.2, 0.5]), np.array([3, 7, 3, 7]))
    (array([0.2, 0.4]), array([3, 7]))
    """
    order = np.argsort(neurons, kind="stable")
    own, when = neurons[order], times[order]
    same = own[1:] == own[:-1]
    return np.diff(when)[same], own[1:][same]


def coefficients_of_variation(lengths: Floats, neurons: Numbers, least: int = 3) -> Floats:
    """The coefficient of variation of the intervals of each neuron that has at least so many.

    >>> coefficients_of_variation(np.array([1.0, 3.0, 2.0, 2.0]), np.array([0, 0, 1, 1]), least=2)
    array([0.5, 0. ])
    """
    if not len(lengths):
        return np.empty(0)
    _, own = np.unique(neurons, return_inverse=True)
    count = np.bincount(own)
    mean = np.bincount(own, lengths) / count
    variance = np.bincount(own, (lengths - mean[own]) ** 2) / count
    enough = count >= least
    return np.asarray(np.sqrt(variance[enough]) / mean[enough])


def power_spectrum(signal: Floats, interval: float, resolution: float) -> tuple[Floats, Floats]:
    """Power spectral density by Welch's method (Hann windows that overlap by half, their means taken away).

    Parameters
    ----------
    signal : numpy.ndarray
        Samples at equal intervals.
    interval : float
        Between samples (s).
    resolution : float
        Spacing of frequencies (Hz); coarser where the signal is shorter than its inverse.

    Returns
    -------
    numpy.ndarray, numpy.ndarray
        Frequencies (Hz), and the square of the signal's unit per hertz.
    """
    length = min(len(signal), max(8, round(1 / (resolution * interval))))
    if length < 8:
        return np.empty(0), np.empty(0)
    window = np.hanning(length + 1)[:-1]
    stretches = np.lib.stride_tricks.sliding_window_view(np.asarray(signal, float), length)[:: length - length // 2]
    detrended = (stretches - stretches.mean(axis=1, keepdims=True)) * window
    power = (np.abs(np.fft.rfft(detrended, axis=1)) ** 2).mean(axis=0) * interval / (window**2).sum()
    power[1 : None if length % 2 else -1] *= 2  # those of negative frequencies
    return np.asarray(np.fft.rfftfreq(length, interval), np.float64), np.asarray(power, np.float64)
