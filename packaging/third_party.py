"""The file in each program that says what others wrote of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

_HEAD = """\
What others wrote, in this program

Caihua itself is under the Apache License 2.0, in the file LICENSE. It comes with the
software listed here, each part under its own licence, whose texts follow.

Qt, libvips, LibRaw and GLib are under the GNU Lesser General Public License. They lie
beside the program as libraries of their own and may be replaced by others of the same
interface. libx265, which comes with the reader of HEIC pictures, is under the GNU
General Public License 2. The sources of all are where the list says.
"""


@dataclass(frozen=True)
class Part:
    """Software of others, with all that its makers ask to be told.

    Attributes:
        name: With the version.
        licence: In a few words; empty where only the texts say it.
        home: Where its sources are; empty where unknown.
        texts: File name and text of each licence.
    """

    name: str
    licence: str
    home: str
    texts: tuple[tuple[str, str], ...]


def written(parts: Iterable[Part]) -> str:
    """The file: a list, then every text once."""
    ordered = sorted(parts, key=lambda part: part.name.lower())
    numbers: dict[str, int] = {}
    lines = [_HEAD]
    for part in ordered:
        for _, text in part.texts:
            numbers.setdefault(text, len(numbers) + 1)
        said = ", ".join(word for word in (part.licence, part.home) if word)
        lines.append(part.name + (f": {said}" if said else ""))
        lines.append(f"    texts {_numbers(part, numbers)}")
    lines.append("")
    lines += _all_texts(ordered, numbers)
    return "\n".join(lines)


def _numbers(part: Part, numbers: Mapping[str, int]) -> str:
    return ", ".join(str(n) for n in sorted({numbers[text] for _, text in part.texts}))


def _all_texts(parts: Iterable[Part], numbers: Mapping[str, int]) -> list[str]:
    names: dict[str, list[str]] = {text: [] for text in numbers}
    for part in parts:
        for _, text in part.texts:
            names[text].append(part.name)
    lines = []
    for text, number in numbers.items():
        title = f"[{number}] {', '.join(dict.fromkeys(names[text]))}"
        lines += ["=" * 79, title, "=" * 79, "", text.strip(), ""]
    return lines
