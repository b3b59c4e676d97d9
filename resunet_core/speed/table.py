"""What a bench found, as a person reads it."""

from collections.abc import Mapping, Sequence
from typing import Any

GAP = "  "


def bench_lines(found: Mapping[str, Any]) -> list[str]:
    """The lines of the report: machine, ceilings, a table of engines, the window."""
    return [
        *_head(found),
        "",
        *_engines(found["engines"]),
        "",
        *_start_up(found["start_up"]),
    ]


def _head(found: Mapping[str, Any]) -> list[str]:
    machine, model, best = found["machine"], found["model"], found["ceilings"]
    memory = machine["memory_gb"]
    room = "" if memory is None else f", {memory:.0f} GB"
    speeds = [f"{speed:.0f} GMAC/s in {name}" for name, speed in best["gmac_s"].items()]
    gpus = [
        row["device"]
        for row in found["engines"]
        if not row["error"] and row["choice"] == "cuda"
    ]
    return [
        f"{machine['processor']}, {machine['cores']} cores{room}, {machine['system']}",
        *(f"GPU: {name}" for name in gpus),
        f"Model {model['name']}: {model['architecture']}, "
        f"{model['gmac_512']:.1f} GMAC for 512 x 512 px, tiles of "
        f"{model['tile_px']} px that overlap by {model['overlap_px']}",
        f"At best: {', '.join(speeds)}; copies {best['copy_gb_s']:.1f} GB/s, "
        f"decodes JPEG at {best['jpeg_mp_s']:.0f} MP/s",
    ]


def _engines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    good = [row for row in rows if not row["error"]]
    sizes = [photo["megapixels"] for photo in good[0]["photos"]] if good else []
    titles = ["engine", "precision", "load", "tiles/s", "MP/s"]
    titles += [f"{size:.0f} MP" for size in sizes]
    titles += ["busy", "memory", "of best"]
    cells = [titles, *(_cells(row) for row in good)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(titles))]
    lines = [
        GAP.join(
            cell.ljust(width) if n < 2 else cell.rjust(width)
            for n, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    ]
    if not good:
        lines = []
    lines += [f"{row['choice']}: {row['error']}" for row in rows if row["error"]]
    if any(not photo["measured"] for row in good for photo in row["photos"]):
        lines.append("~ reckoned from the tiles that there was time for; see --full")
    return lines


def _cells(row: Mapping[str, Any]) -> list[str]:
    share, peak = row["share_of_ceiling"], row["peak_mb"]
    photos = [
        f"{'' if photo['measured'] else '~'}{photo['seconds']:.0f} s"
        for photo in row["photos"]
    ]
    return [
        f"{row['engine']} on {row['device']}",
        row["precision"],
        f"{row['load_s']:.1f} s",
        f"{row['tiles_s']:.2f}",
        f"{row['megapixels_s']:.2f}",
        *photos,
        f"{row['busy']:.0%}",
        "" if peak is None else f"{peak:.0f} MiB",
        "" if share is None else f"{share:.0%}",
    ]


def _start_up(times: Mapping[str, Any] | None) -> list[str]:
    if times is None:
        return ["Window: none here, PySide6 is not installed"]
    if "error" in times:
        return [f"Window: could not be timed. {times['error']}"]
    return [
        f"From the start: window after {times['window_s']:.2f} s, a photo on it after "
        f"{times['photo_s']:.2f} s, the first result after {times['result_s']:.2f} s"
    ]
