"""Concentrations that are known in closed form, for tests of diffusion. All in SI units."""

import numpy as np


def gaussian(x, t, D, amount):
    """An amount for an area, released at x = 0 and t = 0 in an infinite cylinder."""
    return amount * np.exp(-(x**2) / (4 * D * t)) / np.sqrt(4 * np.pi * D * t)


def bessel(order, x):
    """The Bessel function of a whole order, from its integral over an angle (periodic, so that the rule is exact)."""
    angles = (np.arange(200) + 0.5) * np.pi / 200
    return np.cos(order * angles - np.multiply.outer(np.asarray(x), np.sin(angles))).mean(axis=-1)


def zeros_of_j1(count):
    """The first positive zeros of J1, by Newton's method from their asymptotic places."""
    x = (np.arange(count) + 1.25) * np.pi
    for _ in range(8):
        j1 = bessel(1, x)
        x = x - j1 / (bessel(0, x) - j1 / x)
    return x


def entered_through_the_surface(edges, t, D, radius, flux):
    """Mean concentrations between the radii of ``edges`` in a cylinder that a constant flux enters from t = 0.

    J. Crank, The Mathematics of Diffusion, 1975, equation 5.45, averaged over each annulus.
    """
    alpha = zeros_of_j1(40)
    outer, inner = edges[:-1], edges[1:]
    scaled = np.multiply.outer(edges / radius, alpha)
    ring = edges[:, None] * bessel(1, scaled) * 2 * radius / alpha  # integral of 2 r J0(alpha r/radius)
    modes = (ring[:-1] - ring[1:]) / (outer**2 - inner**2)[:, None]
    fading = (np.exp(-D * alpha**2 * t / radius**2) * modes / (alpha**2 * bessel(0, alpha))).sum(axis=1)
    return flux * radius / D * (2 * D * t / radius**2 + (outer**2 + inner**2) / (4 * radius**2) - 0.25 - 2 * fading)
