"""The session could serve another window: it knows Qt's core alone."""

import ast
from pathlib import Path

SESSION = Path(__file__).resolve().parents[3] / "app" / "session"


def test_the_session_imports_no_widget_package() -> None:
    for path in SESSION.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                names = [node.module]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            else:
                continue
            for name in names:
                allowed = not name.startswith("PySide6") or name == "PySide6.QtCore"
                assert allowed, f"{path.name} imports {name}"
