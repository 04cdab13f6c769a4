"""Scatter plots as SVG text, a few kilobytes each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor

WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 640, 300, 52, 40, 28
COLOURS = ("#1f6fb2", "#c2571a", "#3a8a4d", "#7a4fa3", "#8a6d1b", "#b23a5c", "#4b8f9c")


@dataclass(frozen=True, slots=True)
class Points:
    """One series: its name and points."""

    name: str
    x: Sequence[float]
    y: Sequence[float]


def scatter(title: str, x_label: str, y_label: str, series: Sequence[Points]) -> str:
    """An SVG picture of some series of points; the zero line is drawn."""
    xs, ys = [v for s in series for v in s.x], [v for s in series for v in s.y]
    x_ticks, y_ticks = _ticks(min(xs, default=0), max(xs, default=1)), _ticks(min([*ys, 0.0]), max([*ys, 1.0]))

    def place(x: float, y: float) -> tuple[float, float]:
        across = (x - x_ticks[0]) / (x_ticks[-1] - x_ticks[0])
        up = (y - y_ticks[0]) / (y_ticks[-1] - y_ticks[0])
        return LEFT + across * (WIDTH - LEFT - 150), HEIGHT - BOTTOM - up * (HEIGHT - BOTTOM - TOP)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/><text x="{LEFT}" y="16" font-size="14">{escape(title)}</text>',
    ]
    left, right = place(x_ticks[0], 0)[0], place(x_ticks[-1], 0)[0]
    for tick in y_ticks:
        y = place(x_ticks[0], tick)[1]
        colour = "#555" if tick == 0 else "#ddd"
        parts.append(f'<path d="M{left:.0f} {y:.1f}H{right:.0f}" stroke="{colour}"/>')
        parts.append(f'<text x="{left - 6:.0f}" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    y = HEIGHT - BOTTOM + 16
    parts += [f'<text x="{place(tick, 0)[0]:.1f}" y="{y}" text-anchor="middle">{tick:g}</text>' for tick in x_ticks]
    parts.append(f'<text x="{(left + right) / 2:.0f}" y="{HEIGHT - 8}" text-anchor="middle">{escape(x_label)}</text>')
    parts.append(f'<text transform="translate(14 {HEIGHT / 2:.0f}) rotate(-90)" text-anchor="middle">{escape(y_label)}</text>')
    for i, one in enumerate(series):
        colour = COLOURS[i % len(COLOURS)]
        for x, y in (place(a, b) for a, b in zip(one.x, one.y, strict=True)):
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}" fill-opacity=".65"/>')
        parts.append(f'<circle cx="{right + 14:.0f}" cy="{TOP + 10 + 18 * i}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{right + 22:.0f}" y="{TOP + 14 + 18 * i}" font-size="11">{escape(one.name)}</text>')
    return "".join(parts) + "</svg>\n"


def _ticks(low: float, high: float) -> list[float]:
    """Round values from at most ``low`` to at least ``high``."""
    span = max(high - low, 1e-6)
    step = next(s * 10**e for e in range(-4, 6) for s in (1, 2, 5) if span / (s * 10**e) <= 7)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(i * step, 6) for i in range(first, max(last, first + 1) + 1)]
