"""Generalised linear mixed models of rare events: exact likelihoods of counts within studies, normal effects between.

No zero is corrected and no study left out: a study without events says nothing about an odds ratio or a rate ratio, and
its likelihood says just that. Each study's likelihood is integrated over its effect by the trapezoidal rule between
points where the integrand has vanished; it is analytic and has one peak, so that the rule converges geometrically
(Trefethen and Weideman 2014, SIAM Rev 56:385). scipy.optimize is imported where it is used.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol

import numpy as np
from scipy.special import gammaln, ndtr, ndtri

from .batch import Array

# Nodes between the ends, where the integrand has fallen by e^-45: three times as many change no tenth digit.
_NODES = 160
_VANISHED = 45.0
_STARTS = (0.0, 0.05, 0.3, 1.0, 2.5)
_MODE_STEPS = 60
# A gain in log-likelihood that the integrals' last digits make; a variance that gains no more is none.
_NOISE = 1e-7


class Likelihood(Protocol):
    """The log-likelihoods of studies in their effects theta, shape (studies, nodes), with two derivatives."""

    def __call__(self, theta: Array) -> tuple[Array, Array, Array]:
        """Values, first and second derivatives at theta."""
        ...


class Rare(NamedTuple):
    """The pooled effect (log odds ratio, log rate ratio or logit) with Wald's interval; the variance between studies;
    the test of no variance between studies by the ratio of likelihoods (half the tail of chi2 with 1 df, because 0 is
    the edge: Self and Liang 1987, J Am Stat Assoc 82:605); and the log-likelihood but for a constant."""

    estimate: float
    se: float
    ci_lower: float
    ci_upper: float
    statistic: float
    p_value: float
    tau2: float
    ratio: float
    ratio_p: float
    log_likelihood: float


class Counts(NamedTuple):
    """Events and participants (or person-time) of each study on two sides."""

    a: Array
    n: Array
    c: Array
    m: Array


def odds_ratio(counts: Counts) -> Likelihood:
    """Given the sum of events, those of the experimental side have Fisher's noncentral hypergeometric distribution
    (van Houwelingen, Zwinderman and Stijnen 1993, Stat Med 12:2273; Stijnen, Hamza and Ozdemir 2010, Stat Med
    29:3046). Counts must be whole numbers."""
    studies = [_hypergeometric(*(int(x) for x in row)) for row in zip(*counts, strict=True)]

    def at(theta: Array) -> tuple[Array, Array, Array]:
        parts = [study(row) for study, row in zip(studies, theta, strict=True)]
        return tuple(np.stack(column) for column in zip(*parts, strict=True))  # type: ignore[return-value]

    return at


def _hypergeometric(a: int, n: int, c: int, m: int) -> Callable[[Array], tuple[Array, Array, Array]]:
    total = a + c
    support = np.arange(max(0, total - m), min(n, total) + 1, dtype=float)
    logs = -(gammaln(support + 1) + gammaln(n - support + 1) + gammaln(total - support + 1))
    logs = logs - gammaln(m - total + support + 1)
    logs -= logs.max()

    def at(theta: Array) -> tuple[Array, Array, Array]:
        terms = logs + theta[:, None] * support
        most = terms.max(axis=1, keepdims=True)
        shares = np.exp(terms - most)
        whole = shares.sum(axis=1)
        mean = shares @ support / whole
        variance = (shares * (support - mean[:, None]) ** 2).sum(axis=1) / whole
        return a * theta - most[:, 0] - np.log(whole), a - mean, -variance

    return at


def proportion(events: Array, n: Array, offset: Array | float = 0.0) -> Likelihood:
    """Binomial events among n, the logit being theta + offset.

    Two counts give a rate ratio so too: given their sum, the events of the experimental side are binomial with the
    logarithm of the ratio of person-time as offset (Stijnen, Hamza and Ozdemir 2010).
    """
    shift = np.broadcast_to(np.asarray(offset, float), events.shape)[:, None]
    x, size = events[:, None], n[:, None]

    def at(theta: Array) -> tuple[Array, Array, Array]:
        logit = theta + shift
        share = 0.5 * (1 + np.tanh(logit / 2))
        soft = np.maximum(logit, 0.0) + np.log1p(np.exp(-np.abs(logit)))
        return x * logit - size * soft, x - size * share, -size * share * (1 - share)

    return at


def rate_ratio(counts: Counts) -> Likelihood:
    """Events a and c in person-time n and m."""
    return proportion(counts.a, counts.a + counts.c, np.log(counts.n / counts.m))


def fit(likelihood: Likelihood, studies: int, model: str, level: float) -> Rare:
    """The maximum of the marginal likelihood; `model` is fixed (no variance between studies) or random.

    Raises ValueError where the estimate has no finite value, because all events are on one side.
    """
    height = _fixed_height(likelihood, studies)
    mean, flat = _fixed(height)
    if model == "fixed":
        return _result(mean, 1 / np.sqrt(height(mean)[2]), 0.0, flat, flat, level)
    at, best = _random(likelihood, studies, mean)
    if best <= flat + _NOISE:
        return _result(mean, 1 / np.sqrt(height(mean)[2]), 0.0, flat, flat, level)
    information = _information(likelihood, studies, at)
    se = float(np.sqrt(np.linalg.inv(information)[0, 0]))
    return _result(float(at[0]), se, float(at[1] ** 2), best, flat, level)


def _result(estimate: float, se: float, tau2: float, best: float, flat: float, level: float) -> Rare:
    half = float(ndtri(0.5 + level / 200)) * se
    ratio = max(0.0, 2 * (best - flat))
    tail = float(ndtr(-np.sqrt(ratio)))
    statistic = estimate / se
    p = float(2 * ndtr(-abs(statistic)))
    return Rare(estimate, se, estimate - half, estimate + half, statistic, p, tau2, ratio, tail, best)


def _fixed_height(likelihood: Likelihood, studies: int) -> Callable[[float], tuple[float, float, float]]:
    """Sum of the log-likelihoods at one common effect, its slope and its information."""

    def at(mean: float) -> tuple[float, float, float]:
        value, slope, bend = likelihood(np.full((studies, 1), mean))
        return float(value.sum()), float(slope.sum()), float(-bend.sum())

    return at


def _fixed(height: Callable[[float], tuple[float, float, float]]) -> tuple[float, float]:
    """The common effect of highest likelihood: the root of a falling slope."""
    low, high = -40.0, 40.0
    if not height(low)[1] > 1e-12 or not height(high)[1] < -1e-12:
        raise ValueError("all events are on one side: the likelihood has no maximum")
    x = 0.0
    for _ in range(200):
        _, slope, information = height(x)
        low, high = (x, high) if slope > 0 else (low, x)
        step = x + slope / information if information > 0 else np.inf
        nearer = step if low < step < high else (low + high) / 2
        if abs(nearer - x) <= 4e-16 * max(1.0, abs(x)):
            break
        x = nearer
    return x, height(x)[0]


def _marginal(likelihood: Likelihood, studies: int, mean: float, tau: float) -> float:
    """The log-likelihood integrated over normal effects."""
    if tau == 0:
        return _fixed_height(likelihood, studies)(mean)[0]

    def integrand(theta: Array) -> Array:
        return likelihood(theta)[0] - ((theta - mean) / tau) ** 2 / 2

    peak, width = _modes(likelihood, studies, mean, tau)
    top = integrand(peak)
    low, high = (peak + side * _reach(integrand, peak, top, side * width) for side in (-1.0, 1.0))
    theta = low + (high - low) * np.linspace(0, 1, _NODES)
    whole = np.exp(integrand(theta) - top).sum(axis=1) * (high - low)[:, 0] / (_NODES - 1)
    return float((top[:, 0] + np.log(whole) - np.log(tau) - 0.5 * np.log(2 * np.pi)).sum())


def _reach(integrand: Callable[[Array], Array], peak: Array, top: Array, step: Array) -> Array:
    """How far from its peak, in the direction of `step`, each integrand has vanished; shape (studies, 1)."""
    far = 4 * step
    for _ in range(_MODE_STEPS):
        near = integrand(peak + far) > top - _VANISHED
        if not near.any():
            break
        far = np.where(near, 1.5 * far, far)
    return np.abs(far)


def _modes(likelihood: Likelihood, studies: int, mean: float, tau: float) -> tuple[Array, Array]:
    """Where each study's integrand is highest, and its width there, shape (studies, 1)."""
    theta = np.full((studies, 1), mean)
    for _ in range(_MODE_STEPS):
        _, slope, bend = likelihood(theta)
        step = (slope - (theta - mean) / tau**2) / (1 / tau**2 - bend)
        theta = theta + np.clip(step, -3 * max(tau, 1.0), 3 * max(tau, 1.0))
        if np.abs(step).max() < 1e-10:
            break
    return theta, 1 / np.sqrt(1 / tau**2 - likelihood(theta)[2])


def _random(likelihood: Likelihood, studies: int, mean: float) -> tuple[Array, float]:
    """Mean and standard deviation of the effects at the highest likelihood, searched from several starts."""
    from scipy.optimize import minimize

    def lost(at: Any) -> float:
        return -_marginal(likelihood, studies, float(at[0]), abs(float(at[1])))

    starts = sorted(((lost(np.array([mean, tau])), tau) for tau in _STARTS if tau), key=lambda found: found[0])[:2]
    options: Any = {"xatol": 1e-10, "fatol": 1e-13, "maxiter": 2000}
    ends = []
    for _, tau in starts:
        end = minimize(lost, np.array([mean, tau]), method="Nelder-Mead", options=options)
        again = minimize(lost, end.x, method="Nelder-Mead", options=options)
        ends.append((float(again.fun), np.array([again.x[0], abs(again.x[1])])))
    best = min(ends, key=lambda end: end[0])
    return best[1], -best[0]


def _information(likelihood: Likelihood, studies: int, at: Array) -> Array:
    """Minus the second derivatives of the log-likelihood, by central differences of fourth order."""
    steps = 2e-3 * np.maximum(np.abs(at), [0.5, 0.05])
    steps[1] = min(steps[1], at[1] / 4)

    def height(i: float, j: float) -> float:
        return _marginal(likelihood, studies, float(at[0] + i * steps[0]), float(at[1] + j * steps[1]))

    centre = height(0, 0)

    def second(a: int, b: int) -> float:
        near, far = (height(s * a, s * b) + height(-s * a, -s * b) - 2 * centre for s in (1, 2))
        return (16 * near - far) / 12

    own, other, joint = second(1, 0), second(0, 1), second(1, 1)
    mixed = (joint - own - other) / 2
    return -np.array([[own, mixed], [mixed, other]]) / np.outer(steps, steps)
