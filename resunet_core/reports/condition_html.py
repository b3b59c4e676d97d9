"""A condition report as one HTML file that needs nothing beside it."""

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from resunet_core.files import write_text
from resunet_core.reports.document import Block, Document
from resunet_core.resources import resource

_PNG = b"\x89PNG"


def write_condition_html(path: Path, document: Document) -> None:
    """Render the report; every text in it is escaped.

    Raises:
        CaihuaError: It cannot be written.
    """
    write_text(path, render_condition_html(document))


def render_condition_html(document: Document) -> str:
    """The text of the HTML file."""
    environment = Environment(
        loader=FileSystemLoader(resource("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    template = environment.get_template("condition.html")
    return template.render(
        document=document, name_of=_name, kind_of=_kind, base64=_base64
    )


def _name(block: Block) -> str:
    return type(block).__name__


def _kind(picture: bytes) -> str:
    return "image/png" if picture.startswith(_PNG) else "image/jpeg"


def _base64(picture: bytes) -> str:
    return base64.b64encode(picture).decode("ascii")
