"""The explicit methods that come with jupyspike.

Euler's method, the midpoint method and the classical method of Runge and Kutta: Hairer, Norsett and Wanner, Solving
Ordinary Differential Equations I, chapter II.1. Methods for noise: Kloeden and Platen, Numerical Solution of Stochastic
Differential Equations, chapters 10 and 11.
"""

from __future__ import annotations

from .explicit import ExplicitStateUpdater, separate_noises


def _about(order: int) -> str:
    return f"an explicit method of order {order} for general equations"


EULER = ExplicitStateUpdater(
    "x_new = x + dt*f(x, t) + g(x, t)*dW",
    "additive",
    name="euler",
    about=_about(1),
    about_noise="white noise that does not depend on the state (Euler-Maruyama)",
)
RK2 = ExplicitStateUpdater(
    """
    slope = f(x, t)
    x_new = x + dt*f(x + dt*(0.5*slope), t + 0.5*dt)
    """,
    name="rk2",
    about=_about(2),
)
RK4 = ExplicitStateUpdater(
    """
    first = f(x, t)
    second = f(x + dt*(0.5*first), t + 0.5*dt)
    third = f(x + dt*(0.5*second), t + 0.5*dt)
    fourth = f(x + dt*third, t + dt)
    x_new = x + dt/6*(first + 2*second + 2*third + fourth)
    """,
    name="rk4",
    about=_about(4),
)
# Both converge to the solution in the sense of Stratonovich. Without noise the first is Heun's method of order 2
# (W. Ruemelin, SIAM Journal on Numerical Analysis 19, 1982), the second is Euler's.
HEUN = ExplicitStateUpdater(
    """
    slope = f(x, t)
    guess = x + dt*slope + g(x, t)*dW
    x_new = x + 0.5*dt*(slope + f(guess, t + dt)) + 0.5*(g(x, t) + g(guess, t + dt))*dW
    """,
    "multiplicative",
    name="heun",
    about=_about(2),
    about_noise="white noise multiplied by variables, in the sense of Stratonovich",
)
MILSTEIN = ExplicitStateUpdater(
    """
    above = x + sqrt(dt)*g(x, t)
    below = x - sqrt(dt)*g(x, t)
    x_new = x + dt*f(x, t) + g(x, t)*dW + (g(above, t) - g(below, t))*dW**2/(4*sqrt(dt))
    """,
    "multiplicative",
    name="milstein",
    about=_about(1),
    about_noise="white noises that leave each other's factors alone, of strong order 1, in the sense of Stratonovich",
    check=separate_noises,
)
