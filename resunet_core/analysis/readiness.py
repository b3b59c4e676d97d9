"""Whether workers of a cluster can do what is asked, and the model for those without.

Photos and results stay where they are: a worker must see both under the same paths.
"""

import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from resunet_core import __version__
from resunet_core.analysis.cluster import INSTALL, differing
from resunet_core.analysis.orders import Order
from resunet_core.analysis.worker import receive_model
from resunet_core.errors import CaihuaError
from resunet_core.files import write_text

if TYPE_CHECKING:
    from distributed import Client

BEGUN = re.compile(r"\.(?P<stem>.+)\.[0-9a-f]{8}\.(json|png|jpg)")
"""What `files.replacing` calls a file that is not whole yet."""


@contextmanager
def ticket_in(out: Path) -> Iterator[Path]:
    """A file that says to workers that results are wanted here, while it lasts."""
    ticket = out / f".caihua-{secrets.token_hex(8)}.wanted"
    write_text(ticket, "Workers write their results here while this file exists.\n")
    try:
        yield ticket
    finally:
        ticket.unlink(missing_ok=True)


def tidy_up(out: Path, names: Iterable[str]) -> None:
    """Remove what workers that were lost had begun to write under these names."""
    begun = {f"{name}{end}" for name in names for end in ("", ".mask", ".overlay")}
    for path in out.glob(".*.*.*"):
        found = BEGUN.fullmatch(path.name)
        if found and found["stem"] in begun:
            path.unlink(missing_ok=True)


def make_ready(
    client: "Client", order: Order, photo: Path, workers: Sequence[str] | None = None
) -> None:
    """See that workers have all they need, and give them the model where they lack it.

    Args:
        client: Of the cluster.
        order: What they shall do.
        photo: One of the photos.
        workers: Their addresses; None for all that there are now.

    Raises:
        CaihuaError: One of them cannot do it, and why.
    """
    if wrong := differing(client):
        raise CaihuaError(wrong, "Install the same versions on all of them.")
    look = _make_look(str(order.ticket), str(photo), str(order.model), order.use.sha256)
    chosen = None if workers is None else list(workers)
    found: dict[str, dict[str, Any]] = client.run(look, workers=chosen)
    for address, seen in found.items():
        _refuse(address, seen, order, photo)
    without = [address for address, seen in found.items() if not seen["model"]]
    if without:
        data = order.model.read_bytes()
        client.run(receive_model, data, order.use.sha256, workers=without)


def _refuse(address: str, seen: dict[str, Any], order: Order, photo: Path) -> None:
    who = f"The worker {address} on {seen['host']}"
    if seen["version"] is None:
        raise CaihuaError(f"{who} has no Caihua.", f"Install it there: {INSTALL}")
    if seen["version"] != __version__:
        raise CaihuaError(
            f"{who} has Caihua {seen['version']}, this computer {__version__}.",
            "Install the same version on all of them.",
        )
    if not seen["out"]:
        raise CaihuaError(
            f"{who} cannot write to {order.out}, where the results go.",
            "Name a folder with --out that all computers have under the same path.",
        )
    if not seen["photo"]:
        raise CaihuaError(
            f"{who} does not see {photo}.",
            "Put the photos where all computers have them under the same path.",
        )


def _make_look(
    ticket: str, photo: str, model: str, sha256: str
) -> Callable[[], dict[str, Any]]:
    """A function that looks at a worker.

    One inside another travels by its code and not by its name, so that it also runs
    where there is no Caihua, or another one.
    """

    def look() -> dict[str, Any]:
        import os  # noqa: PLC0415 - travels alone
        import socket  # noqa: PLC0415 - travels alone

        seen = {"host": socket.gethostname(), "version": None, "model": False}
        folder = os.path.dirname(ticket)  # noqa: PTH120 - may be of another system
        seen["out"] = os.path.exists(ticket) and os.access(folder, os.W_OK)  # noqa: PTH110 - as above
        seen["photo"] = os.path.exists(photo)  # noqa: PTH110 - as above
        try:
            import resunet_core  # noqa: PLC0415 - may not be there

            seen["version"] = resunet_core.__version__
            from pathlib import Path as Local  # noqa: PLC0415 - travels alone

            from resunet_core.analysis.worker import find_by_hash  # noqa: PLC0415 - may not be there

            seen["model"] = find_by_hash(Local(model), sha256) is not None
        except ImportError:
            pass  # told by what is not in `seen`
        return seen

    return look
