"""Two small pictures for docs/reading.md, written as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from tests.benchmarks.scores import Said, act_rate, act_right

WIDTH, HEIGHT, LEFT, BOTTOM = 460, 340, 60, 50
_PLOT_WIDTH, _PLOT_HEIGHT = WIDTH - LEFT - 20, HEIGHT - BOTTOM - 30

Point = tuple[float, float]


def reliability(series: dict[str, Sequence[Said]]) -> str:
    """Confidence said against the share that was right, in tenths; the diagonal is honesty."""
    lines = {}
    for name, found in series.items():
        bins: dict[int, list[Said]] = {}
        for one in found:
            bins.setdefault(min(9, int(one.confidence * 10)), []).append(one)
        lines[name] = [
            (sum(one.confidence for one in part) / len(part), sum(one.right for one in part) / len(part))
            for _, part in sorted(bins.items())
            if len(part) >= 5
        ]
    return _chart("confidence", "share that was right", lines, (0.2, 1.0), (0.2, 1.0), diagonal=True)


def acting(series: dict[str, Sequence[tuple[float, float]]]) -> str:
    """The share on which the worker acts against the share of wrong acts, as the thresholds are moved."""
    return _chart("share acted on", "wrong among the acts", series, (0.4, 1.0), (0.0, 0.06), diagonal=False)


def curve(found: Sequence[Said], allowed: Sequence[bool], steps: int = 60) -> list[Point]:
    """The points of `acting` for one common threshold on confidence; `allowed` are those that no veto holds back."""
    points = []
    for step in range(steps):
        least = 0.4 + 0.6 * step / steps
        moved = [
            Said(one.language, one.goal, one.intent, one.confidence, may and one.confidence >= least)
            for one, may in zip(found, allowed, strict=True)
        ]
        if any(one.acted for one in moved):
            points.append((act_rate(moved), 1 - act_right(moved)))
    return points


def _chart(
    across: str,
    up: str,
    series: dict[str, Sequence[Point]],
    x_range: tuple[float, float],
    y_range: tuple[float, float],
    *,
    diagonal: bool,
) -> str:
    def place(point: Point) -> str:
        x = LEFT + (min(max(point[0], x_range[0]), x_range[1]) - x_range[0]) / (x_range[1] - x_range[0]) * _PLOT_WIDTH
        share = (min(max(point[1], y_range[0]), y_range[1]) - y_range[0]) / (y_range[1] - y_range[0])
        return f"{x:.1f},{HEIGHT - BOTTOM - share * _PLOT_HEIGHT:.1f}"

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for step in range(5):
        x = x_range[0] + (x_range[1] - x_range[0]) * step / 4
        y = y_range[0] + (y_range[1] - y_range[0]) * step / 4
        (x_at, _), (_, y_at) = place((x, y_range[0])).split(","), place((x_range[0], y)).split(",")
        parts.append(
            f'<line x1="{LEFT}" y1="{y_at}" x2="{LEFT + _PLOT_WIDTH}" y2="{y_at}" stroke="#dddddd"/>'
            f'<text x="{LEFT - 8}" y="{float(y_at) + 4:.1f}" text-anchor="end">{y:.1%}</text>'
            f'<text x="{x_at}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{x:.0%}</text>'
        )
    if diagonal:
        begin, end = place((x_range[0], y_range[0])), place((x_range[1], y_range[1]))
        parts.append(f'<polyline points="{begin} {end}" fill="none" stroke="#999999" stroke-dasharray="4 4"/>')
    for number, (name, points) in enumerate(series.items()):
        colour = ("#1f6feb", "#d1242f", "#2da44e")[number % 3]
        shown = [place(point) for point in points]
        parts.append(f'<polyline points="{" ".join(shown)}" fill="none" stroke="{colour}" stroke-width="2"/>')
        if len(shown) <= 10:
            parts += [f'<circle cx="{x}" cy="{y}" r="3" fill="{colour}"/>' for x, y in (p.split(",") for p in shown)]
        parts.append(f'<text x="{LEFT + 12}" y="{24 + 16 * number}" fill="{colour}">{name}</text>')
    middle = LEFT + _PLOT_WIDTH / 2
    parts.append(f'<text x="{middle}" y="{HEIGHT - 12}" text-anchor="middle">{across}</text>')
    half = 30 + _PLOT_HEIGHT / 2
    parts.append(f'<text x="14" y="{half}" text-anchor="middle" transform="rotate(-90 14 {half})">{up}</text></svg>')
    return "\n".join(parts) + "\n"
