"""Means, standard deviations and tests of a single study, as printed."""

import math
from collections.abc import Iterator

from . import granularity
from .findings import Finding, Outcome
from .normal import tail
from .printed import Interval, interval, probability
from .publication import Line, Publication


def checks(book: Publication) -> Iterator[Outcome]:
    """All checks of groups and tests."""
    lines = [(line, interval(line["mean"]), interval(line["sd"])) for line in book.lines["means"]]
    stepped = [(x, m, sd) for x, m, sd in lines if _number(x["step"]) and m
               and granularity.countable(m, sd, _n(x), float(x["step"]))]  # fmt: skip
    telling = [(x, m, sd) for x, m, sd in stepped if m and granularity.telling(m, _n(x), float(x["step"]))]
    wrong = [(x, m) for x, m, _ in telling if not granularity.possible_mean(m, _n(x), float(x["step"]))]
    about = "Means are possible for so many whole values (GRIM)"
    yield Outcome("grim", about, len(telling), [_grim(x, m) for x, m in wrong])
    names = {x["group"] for x, _ in wrong}
    both = [(x, m, sd) for x, m, sd in stepped if sd and _n(x) > 1 and x["group"] not in names]
    found = [_grimmer(x) for x, m, sd in both if not granularity.possible_sd(m, sd, _n(x), float(x["step"]))]
    yield Outcome("grimmer", "Standard deviations are possible for so many whole values (GRIMMER)", len(both), found)
    scaled = [(x, m, sd) for x, m, sd in lines if _number(x["minimum"]) and _number(x["maximum"]) and m]
    found = [f for x, m, sd in scaled for f in _range(x, m, sd)]
    yield Outcome("scale_limits", "Means and standard deviations fit the limits of the scale", len(scaled), found)
    tests = [line for line in book.lines["tests"] if line["value"] and line["p_value"] and _has_df(line)]
    yield Outcome("test_p_value", "P follows from the statistic of a test", len(tests), [*_tests(book, tests)])
    groups = {x["group"]: (x, m, sd) for x, m, sd in lines}
    with_sd = {name for name, (_, _, sd) in groups.items() if sd}
    pairs = [t for t in book.lines["tests"] if t["statistic"] == "t" and {t["group_e"], t["group_c"]} <= with_sd]
    pairs = [t for t in pairs if t["value"]]
    found = [f for t in pairs for f in _t_test(t, groups[t["group_e"]], groups[t["group_c"]])]
    yield Outcome("t_from_means", "t follows from means, standard deviations and sizes", len(pairs), found)


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not math.isnan(value)


def _n(line: Line) -> int:
    return int(line["n"])


def _about(line: Line) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    return line["location"], (), tuple(filter(None, [line.get("study", "")]))


def _grim(line: Line, mean: Interval) -> Finding:
    n, step = _n(line), float(line["step"])
    below = math.floor(mean.lower * n / step) * step / n
    finding = f"{line['group']}: no {n} values in steps of {step:g} have the mean {line['mean']}"
    return Finding(
        line["group"], "moderate", "certain", finding, *_about(line), f"mean {line['mean']}, n {n}",
        f"{below:.4g} or {below + step / n:.4g}", "GRIM (Brown and Heathers 2017)",
        "Ask for n of this outcome, and whether values are whole",
    )  # fmt: skip


def _grimmer(line: Line) -> Finding:
    n, step = _n(line), float(line["step"])
    return Finding(
        line["group"], "moderate", "certain",
        f"{line['group']}: no {n} values in steps of {step:g} have mean {line['mean']} and SD {line['sd']}",
        *_about(line), f"mean {line['mean']}, SD {line['sd']}, n {n}", "Another SD, mean or n",
        "GRIMMER (Anaya 2016; Allard 2018)", "Ask for the values, or for n of this outcome",
    )  # fmt: skip


def _range(line: Line, mean: Interval | None, sd: Interval | None) -> Iterator[Finding]:
    low, high, said = float(line["minimum"]), float(line["maximum"]), ""
    assert mean is not None
    if mean.upper < low or mean.lower > high:
        said, wanted = f"mean {line['mean']} lies outside the scale from {low:g} to {high:g}", f"{low:g} to {high:g}"
    elif sd:
        most = granularity.largest_sd(mean, _n(line), low, high)
        if sd.lower > most:
            said, wanted = f"SD {line['sd']} is larger than any on the scale with mean {line['mean']}", f"{most:.3g}"
    if said:
        yield Finding(
            line["group"], "moderate", "certain", f"{line['group']}: {said}", *_about(line),
            f"mean {line['mean']}, SD {line['sd']}, n {line['n']}", wanted, line["quote"],
            "Ask for the scale and the values",
        )  # fmt: skip


def _has_df(line: Line) -> bool:
    needed = {"z": 0, "f": 2}.get(line["statistic"], 1)
    return all(line[name] for name in ("df1", "df2")[:needed])


def _tests(book: Publication, lines: list[Line]) -> Iterator[Finding]:
    for line in lines:
        printed = probability(line["p_value"])
        reached = _p(line)
        assert printed is not None
        one_sided = line["statistic"] in ("t", "z", "r")
        half = Interval(reached.lower / 2, reached.upper / 2) if one_sided else reached
        if (half if line["tails"] == "1" else reached).meets(printed):
            continue
        alpha = book.alpha
        if line["tails"] == "" and one_sided and half.meets(printed):
            yield _test(line, "minor", "P is that of a one-sided test, which is not said", reached)
            continue
        turned = (printed.upper <= alpha <= reached.lower) or (reached.upper < alpha <= printed.lower)
        said = f"P {line['p_value']} does not follow from the statistic"
        if turned:
            said += f"; by it the result is {'not ' if reached.lower >= alpha else ''}significant at {alpha:g}"
        yield _test(line, "major" if turned else "moderate", said, half if line["tails"] == "1" else reached)


def _test(line: Line, severity: str, said: str, reached: Interval) -> Finding:
    dfs = ", ".join(filter(None, [line["df1"], line["df2"]]))
    shown = f"{line['statistic']}{f'({dfs})' if dfs else ''} {line['value']}, P {line['p_value']}"
    return Finding(
        line["test"], severity, "certain", f"{line['test']}: {said}", *_about(line), shown, f"P {reached}",
        line["quote"], "Ask for the statistic, its degrees of freedom and P",
    )  # fmt: skip


def _p(line: Line) -> Interval:
    """P of a statistic over all that its printed digits allow, two-sided where it has two sides."""
    from scipy.special import chdtrc, fdtrc

    value = interval(line["value"])
    df1, df2 = (interval(line[name]) or Interval(math.inf, math.inf) for name in ("df1", "df2"))
    assert value is not None
    size = Interval(value.smallest, value.largest)
    kind = line["statistic"]
    if kind == "r":
        size = Interval(*(abs(min(r, 1.0)) for r in size))
    ends = []
    for x in size:
        for d1 in _degrees(df1):
            for d2 in _degrees(df2):
                if kind == "f":
                    ends.append(float(fdtrc(d1, d2, x)))
                elif kind == "chi2":
                    ends.append(float(chdtrc(d1, x)))
                elif kind == "r":
                    ends.append(tail(x * math.sqrt(d1 / (1 - x * x)) if x < 1 else math.inf, d1))
                else:
                    ends.append(tail(x, d1 if kind == "t" else math.inf))
    return Interval(min(ends), max(ends))


def _degrees(df: Interval) -> tuple[float, ...]:
    """Whole numbers are exact; decimals, as Welch's, are rounded."""
    if not math.isfinite(df.lower):
        return (math.inf,)
    middle = (df.lower + df.upper) / 2
    return (round(middle),) if df.upper - df.lower > 0.9 else (df.lower, df.upper)


def _t_test(
    test: Line, one: tuple[Line, Interval | None, Interval | None], other: tuple[Line, Interval | None, Interval | None]
) -> Iterator[Finding]:
    """t of Student or of Welch, whichever fits."""
    (a, m1, s1), (b, m2, s2) = one, other
    printed = interval(test["value"])
    assert m1 is not None
    assert m2 is not None
    assert s1 is not None
    assert s2 is not None
    assert printed is not None
    gap = Interval(m1.lower - m2.upper, m1.upper - m2.lower)
    n1, n2 = _n(a), _n(b)
    spans = [
        Interval(_student(s1.lower, n1, s2.lower, n2), _student(s1.upper, n1, s2.upper, n2)),
        Interval(_welch(s1.lower, n1, s2.lower, n2), _welch(s1.upper, n1, s2.upper, n2)),
    ]
    reached = [Interval(gap.smallest / s.upper, gap.largest / s.lower if s.lower > 0 else math.inf) for s in spans]
    size = Interval(printed.smallest, printed.largest)
    if any(r.meets(size) for r in reached):
        return
    yield Finding(
        test["test"], "moderate", "certain",
        f"{test['test']}: t {test['value']} does not follow from means, standard deviations and sizes",
        *_about(test), f"t {test['value']}; {a['mean']} (SD {a['sd']}, n {n1}) v {b['mean']} (SD {b['sd']}, n {n2})",
        f"t {reached[0]} (Student) or {reached[1]} (Welch)", test["quote"],
        "Ask for means, standard deviations and sizes; perhaps a standard error is printed as SD",
    )  # fmt: skip


def _student(s1: float, n1: int, s2: float, n2: int) -> float:
    pooled = ((n1 - 1) * max(s1, 0) ** 2 + (n2 - 1) * max(s2, 0) ** 2) / max(n1 + n2 - 2, 1)
    return math.sqrt(pooled * (1 / n1 + 1 / n2))


def _welch(s1: float, n1: int, s2: float, n2: int) -> float:
    return math.sqrt(max(s1, 0) ** 2 / n1 + max(s2, 0) ** 2 / n2)
