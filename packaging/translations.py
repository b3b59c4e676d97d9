"""List what the window says, and keep the catalogues of its translations complete.

.venv/bin/python packaging/translations.py [--list] [--write]
"""

import argparse
import ast
import json
import re
import string
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "resources" / "translations"
CORE = "Core"  # the context of what the core says: it knows nothing of translators
_ERRORS = ROOT / "resunet_core" / "errors.py"
_ENTRY = re.compile(r"^\* ([^:]+): (.+?)(?=^\* |\Z)", re.DOTALL | re.MULTILINE)
_SILENT = ("cli", "synthesis")  # of the core: never heard in the window


@dataclass(frozen=True, order=True)
class Text:
    """A text as it stands in the source, and the first place where it does."""

    context: str
    source: str
    place: str


@dataclass(frozen=True)
class Finding:
    """A place that the extractor cannot read: the text is not written there."""

    place: str
    code: str


class _Module(ast.NodeVisitor):
    """Finds the texts of one module of the window."""

    def __init__(self, path: Path, wrappers: dict[tuple[str, str], str]) -> None:
        self._path = path
        self._wrappers = wrappers
        self._name = _module_name(path)
        self._tree = ast.parse(path.read_text("utf-8"))
        self._constants = _constants(self._tree)
        self._classes: list[str] = []
        self._functions: list[ast.FunctionDef] = []
        self._called = _imported(self._tree, wrappers)
        for (module, name), context in wrappers.items():
            if module == self._name:
                self._called[name] = context
        self.texts: list[Text] = []
        self.unread: list[Finding] = []
        self.visit(self._tree)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self._functions.append(node)
        self.generic_visit(node)
        self._functions.pop()

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        arguments = self._texts_of(node)
        if arguments is None:
            return
        context, text = arguments
        found = list(_strings(text))
        for source in found:
            if source:
                self.texts.append(Text(context, source, self._place(node)))
        if not found and not self._hands_on(text):
            self.unread.append(Finding(self._place(node), ast.unparse(node)))

    def _texts_of(self, node: ast.Call) -> tuple[str, ast.expr] | None:
        """The context and the text of a call that translates."""
        called, count = node.func, len(node.args)
        name = called.attr if isinstance(called, ast.Attribute) else ""
        if isinstance(called, ast.Name):
            name = self._alias(called.id) or called.id
        if name == "tr" and count == 1:
            return self._class(), node.args[0]
        if name in ("translate", "QT_TRANSLATE_NOOP") and count == 2:
            context = _constant(node.args[0], self._constants)
            return (context, node.args[1]) if context is not None else None
        if isinstance(called, ast.Name) and called.id in self._called and count:
            return self._called[called.id], node.args[0]
        return None

    def _alias(self, name: str) -> str:
        """What a local name such as `said = self.tr` stands for."""
        for function in reversed(self._functions):
            for node in ast.walk(function):
                if isinstance(node, ast.Assign):
                    for target, value in _pairs(node):
                        if (
                            isinstance(target, ast.Name)
                            and target.id == name
                            and isinstance(value, ast.Attribute)
                            and value.attr in ("tr", "translate")
                        ):
                            return value.attr
        return ""

    def _class(self) -> str:
        return self._classes[-1] if self._classes else "MainWindow"

    def _hands_on(self, text: ast.expr) -> bool:
        """Whether a text comes from a table marked with QT_TRANSLATE_NOOP."""
        return isinstance(text, (ast.Name, ast.Attribute, ast.Subscript))

    def _place(self, node: ast.Call) -> str:
        return f"{self._path.relative_to(ROOT).as_posix()}:{node.lineno}"


def window_texts() -> tuple[list[Text], list[Finding]]:
    """All texts of the window, and the calls that hide theirs."""
    wrappers: dict[tuple[str, str], str] = {}
    paths = sorted((ROOT / "app").rglob("*.py"))
    for path in paths:
        wrappers |= _wrappers(path)
    texts: list[Text] = []
    unread: list[Finding] = []
    for path in paths:
        module = _Module(path, wrappers)
        texts += module.texts
        unread += module.unread
    return texts, unread


def core_texts() -> list[Text]:
    """The sentences of the core: errors with hints, notes of progress, titles."""
    kinds = {
        node.name
        for node in ast.parse(_ERRORS.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef)
    }
    texts = []
    for path in sorted((ROOT / "resunet_core").rglob("*.py")):
        if path.relative_to(ROOT / "resunet_core").parts[0] in _SILENT:
            continue
        place = path.relative_to(ROOT).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                for argument in _sentences(node, kinds):
                    texts += [
                        Text(CORE, source, f"{place}:{node.lineno}")
                        for source in _strings(argument)
                        if any(letter.isalpha() for letter in _bare(source))
                    ]
    return texts


def glossary_texts() -> list[Text]:
    """The words of the core and what they mean, as the help shows them."""
    path = ROOT / "resunet_core" / "__init__.py"
    text = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    place = f"{path.relative_to(ROOT).as_posix()}:1"
    return [
        Text("Glossary", " ".join(source.split()), place)
        for entry in _ENTRY.findall(text)
        for source in entry
    ]


def all_texts() -> dict[tuple[str, str], Text]:
    """Every text once, by context and source."""
    found: dict[tuple[str, str], Text] = {}
    for text in [*window_texts()[0], *core_texts(), *glossary_texts()]:
        found.setdefault((text.context, text.source), text)
    return found


def fields_of(text: str) -> list[str]:
    """The placeholders of a text with their formats, sorted: they must stay."""
    return sorted(
        f"{name}:{form}"
        for _, name, form, _ in string.Formatter().parse(text)
        if name is not None
    )


def load(path: Path) -> dict[str, dict[str, str]]:
    """A catalogue: context, source, translation; empty where there is none."""
    if not path.exists():
        return {}
    stored: dict[str, dict[str, str]] = json.loads(path.read_text("utf-8"))
    return stored


def renew(catalogue: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The catalogue with what is said now; what is new is empty or said elsewhere."""
    known = {
        source: said
        for texts in catalogue.values()
        for source, said in texts.items()
        if said
    }
    made: dict[str, dict[str, str]] = {}
    for context, source in sorted(all_texts()):
        said = catalogue.get(context, {}).get(source) or known.get(source, "")
        made.setdefault(context, {})[source] = said
    return made


def main() -> int:
    """Tell what is missing; write the catalogue anew when asked to."""
    parser = argparse.ArgumentParser(description="Keep the translations complete.")
    parser.add_argument("--list", action="store_true", help="print every text")
    parser.add_argument("--write", action="store_true", help="bring the file up")
    asked = parser.parse_args()
    if asked.list:
        for text in all_texts().values():
            print(f"{text.place}\t{text.context}\t{text.source!r}")
    path = FOLDER / "zh_CN.json"
    made = renew(load(path))
    if asked.write:
        path.parent.mkdir(parents=True, exist_ok=True)
        written = json.dumps(made, ensure_ascii=False, indent=1) + "\n"
        path.write_text(written, "utf-8")
    missing = [
        (context, source)
        for context, texts in made.items()
        for source, said in texts.items()
        if not said
    ]
    for context, source in missing:
        print(f"untranslated: {context}: {source!r}")
    for one in window_texts()[1]:
        print(f"unreadable: {one.place}: {one.code}")
    return 1 if missing else 0


def _module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _constants(tree: ast.Module) -> dict[str, str]:
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    } | {"CONTEXT": "Actions"}


def _wrappers(path: Path) -> dict[tuple[str, str], str]:
    """The functions of a module that only translate what they are given."""
    tree = ast.parse(path.read_text("utf-8"))
    constants = _constants(tree)
    made = {}
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef) or not node.args.args:
            continue
        for inner in node.body:
            call = inner.value if isinstance(inner, ast.Return) else None
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr == "translate"
                and len(call.args) == 2
                and isinstance(call.args[1], ast.Name)
                and call.args[1].id == node.args.args[0].arg
            ):
                context = _constant(call.args[0], constants)
                if context is not None:
                    made[_module_name(path), node.name] = context
    return made


def _imported(tree: ast.Module, wrappers: dict[tuple[str, str], str]) -> dict[str, str]:
    """The names in a module of wrappers that it imports, with their contexts."""
    return {
        alias.asname or alias.name: wrappers[node.module, alias.name]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
        if (node.module, alias.name) in wrappers
    }


def _constant(node: ast.expr, constants: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    return None


def _pairs(node: ast.Assign) -> Iterator[tuple[ast.expr, ast.expr]]:
    for target in node.targets:
        if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
            yield from zip(target.elts, node.value.elts, strict=False)
        else:
            yield target, node.value


def _strings(node: ast.expr) -> Iterator[str]:
    """The texts an expression may be; f-strings with numbered placeholders."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _strings(node.body)
        yield from _strings(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield _template(node)


def _template(node: ast.JoinedStr) -> str:
    made, number = "", 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            made += str(part.value).replace("{", "{{").replace("}", "}}")
        else:
            made += f"{{{number}}}"
            number += 1
    return made


def _bare(text: str) -> str:
    return "".join(head for head, *_ in string.Formatter().parse(text))


def _sentences(node: ast.Call, kinds: set[str]) -> Iterator[ast.expr]:
    """The arguments of a call that a person gets to read."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in kinds:
        yield from node.args
        yield from (word.value for word in node.keywords)
    elif name == "Progress" and len(node.args) > 2:
        yield node.args[2]
    elif name in ("Format", "partial"):
        for word in node.keywords:
            if word.arg in ("title", "lacks", "note"):
                yield word.value


if __name__ == "__main__":
    sys.exit(main())
