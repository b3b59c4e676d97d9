"""Office files are zip archives that note when they were made: not ours."""

import io
import re
import zipfile

_FIRST_TIME = (1980, 1, 1, 0, 0, 0)


def fixed_archive(data: bytes, *, modified: str = "") -> bytes:
    """The same archive with no times in it, so that equal content is equal bytes.

    Args:
        data: A zip archive.
        modified: ISO time in UTC to put where an office file says when it was changed;
            empty leaves it.
    """
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in sorted(old.namelist()):
            content = old.read(name)
            if modified and name == "docProps/core.xml":
                content = re.sub(
                    rb"(<dcterms:modified[^>]*>)[^<]*",
                    rb"\g<1>" + modified.encode("ascii"),
                    content,
                )
            entry = zipfile.ZipInfo(name, _FIRST_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on every system
            new.writestr(entry, content)
    return stream.getvalue()
