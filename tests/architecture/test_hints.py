"""Every error that a person reads says what to do now."""

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*ROOT.glob("resunet_core/**/*.py"), *ROOT.glob("app/**/*.py")])
TREES = {path: ast.parse(path.read_text("utf-8")) for path in FILES}
HINT_AT = {"DamagedProject": 2}  # after its path; of all others the second argument
TAKEN_OVER = ("ProjectRefused",)  # says the hint of the error it is made of
FOR_SCRIPTS = (ROOT / "app" / "story.py",)  # tries the frozen program; nobody reads it


def _kinds() -> set[str]:
    """The names of all errors worded for a person."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for tree in TREES.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    found = {"CaihuaError"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


def _hint(call: ast.Call, name: str) -> ast.expr | None:
    at = HINT_AT.get(name, 1)
    named = next((word.value for word in call.keywords if word.arg == "hint"), None)
    if named is None and any(isinstance(one, ast.Starred) for one in call.args):
        return call.args[0]
    return call.args[at] if len(call.args) > at else named


def _made(kinds: set[str]) -> Iterator[tuple[str, ast.Call, str]]:
    for path, tree in TREES.items():
        if path in FOR_SCRIPTS:
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                name = node.func.id
                if name in kinds and name not in TAKEN_OVER:
                    place = path.relative_to(ROOT).as_posix()
                    yield f"{place}:{node.lineno}", node, name


def test_every_error_says_what_to_do() -> None:
    made = list(_made(_kinds()))
    assert len(made) > 200  # so that a change of how they are made is noticed
    silent = [
        f"{place}: {ast.unparse(call)}"
        for place, call, name in made
        if (hint := _hint(call, name)) is None
        or (isinstance(hint, ast.Constant) and not hint.value)
    ]
    assert silent == []
