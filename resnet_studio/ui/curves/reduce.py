"""Long curves made short enough to draw: extremes per pixel column, smoothing, and what is seen of them. Knows no Qt.

Pure functions over float arrays. A million points cost a few milliseconds and then draw as a few thousand.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
SMOOTH_POINTS = 1000


def visible(x: Floats, low: float, high: float) -> slice:
    """The part of an ascending x that is seen, with one neighbour on each side so that lines reach the edge."""
    first = int(np.searchsorted(x, low, side="left")) - 1
    last = int(np.searchsorted(x, high, side="right")) + 1
    return slice(max(first, 0), min(last, len(x)))


def extremes(x: Floats, y: Floats, columns: int) -> tuple[Floats, Floats]:
    """At most two points a column, the lowest and the highest in it, so that no spike is lost.

    Args:
        x, y: of equal length, x ascending; y may hold NaN.
        columns: how many pixel columns there are to fill.
    """
    count = len(x)
    columns = max(columns, 1)
    if count <= 2 * columns:
        return x, y
    starts = np.linspace(0, count, columns, endpoint=False).astype(np.intp)
    # fmin and fmax pass over NaN unless a whole column is.
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    return np.repeat(x[starts], 2), np.column_stack((low, high)).ravel()


def log_extremes(x: Floats, y: Floats, columns: int) -> tuple[Floats, Floats]:
    """The extremes of the logarithms; what has none counts as NaN."""
    # Of the few that are left: a million logarithms take longer than a frame has.
    short_x, short_y = extremes(x, y, columns)
    if not (short_y > 0).all():
        # A value without a logarithm must not stand for a column in which others have one.
        short_x, short_y = extremes(x, np.where(y > 0, y, np.nan), columns)
    return short_x, logarithm(short_y)


def smoothed(x: Floats, y: Floats, strength: float, points: int = SMOOTH_POINTS) -> tuple[Floats, Floats]:
    """An exponential moving average, unbiased from the first point, in at most `points` points.

    Args:
        x, y: of equal length, x ascending; values of y that are not finite are passed over.
        strength: 0 follows every point; 1 averages over about a fifth of the run.
        points: means over equal runs of values come first when there are more than this.
    """
    return averaged(binned(x, y, points), strength)


@dataclass(frozen=True, slots=True)
class Binned:
    """A curve in few points, each the mean of as many values: what every smoothing of it begins with.

    Args:
        x, y: the last x of each bin, and its mean.
        count: how many values there were.
    """

    x: Floats
    y: Floats
    count: int


def binned(x: Floats, y: Floats, points: int = SMOOTH_POINTS) -> Binned:
    """The finite values in at most so many bins."""
    finite = np.isfinite(y)
    if not finite.all():
        x, y = x[finite], y[finite]
    count = len(x)
    if count > points:
        x, y = _means(x, y, points)
    return Binned(x, y, count)


def averaged(bins: Binned, strength: float) -> tuple[Floats, Floats]:
    """The moving average of what is binned, as in `smoothed`."""
    if not bins.count or strength <= 0:
        return bins.x, bins.y
    span = strength**2 / 5 * len(bins.x)
    return bins.x, _moving_average(bins.y, 2.0 / (max(span, 1.0) + 1.0))


def _means(x: Floats, y: Floats, points: int) -> tuple[Floats, Floats]:
    starts = np.linspace(0, len(x), points, endpoint=False).astype(np.intp)
    sizes = np.diff(np.append(starts, len(x)))
    # The last x of a bin, so that the live end of the curve is where the run is.
    ends = np.append(starts[1:], len(x)) - 1
    return x[ends], np.add.reduceat(y, starts) / sizes


def _moving_average(y: Floats, alpha: float) -> Floats:
    keep = 1.0 - alpha
    totals, reach = y.copy(), 1
    # Each holds the weighted sum of so many values up to its own, then of twice as many: ten rounds for a thousand points.
    while reach < len(y):
        totals[reach:] += keep**reach * totals[:-reach]
        reach *= 2
    # Divided by the weights, 1 + keep + keep² + ..., which at the first points are not yet 1 / alpha.
    result: Floats = totals * alpha / (1.0 - keep ** np.arange(1, len(y) + 1))
    return result


def logarithm(y: Floats) -> Floats:
    """log10 of each value; NaN where there is none."""
    result: Floats = np.full(len(y), np.nan)
    np.log10(y, out=result, where=y > 0)
    return result


def thinned(x: Floats, y: Floats, points: float) -> tuple[Floats, Floats]:
    """Every so-manieth point, so that about `points` are left; counted from the end, where the run is."""
    stride = max(1, round(len(x) / points))
    return x[::-1][::stride][::-1], y[::-1][::stride][::-1]


def nearest(x: Floats, at: float) -> int:
    """Index of the value of sorted `x` (not empty) that lies nearest to `at`; the earlier of two equally near."""
    index = int(np.searchsorted(x, at))
    if index > 0 and (index == len(x) or at - x[index - 1] <= x[index] - at):
        index -= 1
    return index
