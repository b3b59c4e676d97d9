"""A project on disk with one photo of several mask tiles."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from resunet_core.project.records import PhotoRecord
from resunet_core.project.store import Project


@pytest.fixture
def project_path(tmp_path: Path) -> Path:
    folder = tmp_path / "太和殿 survey #1"
    folder.mkdir()
    return folder / "彩画 项目.caihua"


@pytest.fixture
def project(project_path: Path) -> Iterator[Project]:
    with Project.open(project_path) as project:
        yield project


@pytest.fixture
def photo(project: Project) -> PhotoRecord:
    path = project.path.parent / "照片" / "梁 01.jpg"
    return project.add_photo(path, sha256="ab" * 32, width=1100, height=700)
