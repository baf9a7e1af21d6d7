"""Arms combined into one group, and a control group shared out among several arms."""

from math import sqrt

from .errors import require


def combined_sum(one: float, two: float) -> float:
    """Participants, events or person-time of two groups together (Handbook 6.5.2.10)."""
    return one + two


def combined_mean(n1: float, mean1: float, n2: float, mean2: float) -> float:
    """(n1 m1 + n2 m2) / (n1 + n2), means with their signs (Handbook 6.5.2.10)."""
    require(n1 + n2 > 0, "groups without participants have no mean")
    return (n1 * mean1 + n2 * mean2) / (n1 + n2)


def combined_sd(n1: float, mean1: float, sd1: float, n2: float, mean2: float, sd2: float) -> float:
    """sqrt(((n1 - 1) SD1^2 + (n2 - 1) SD2^2 + n1 n2 / N (m1 - m2)^2) / (N - 1)), N = n1 + n2, means with their signs
    (Handbook 6.5.2.10)."""
    total = n1 + n2
    require(total > 1, "groups of 1 participant have no standard deviation")
    between = n1 * n2 / total * (mean1 - mean2) ** 2
    return sqrt(((n1 - 1) * sd1**2 + (n2 - 1) * sd2**2 + between) / (total - 1))


def shared(total: float, parts: float) -> float:
    """One part of the participants, events or person-time of a group that `parts` comparisons share; its mean and
    standard deviation stay (Handbook 23.3.4)."""
    return total / parts
