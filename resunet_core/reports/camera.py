"""When a photo was taken and with what, as far as its file says."""

from pathlib import Path

from PIL import ExifTags, Image, UnidentifiedImageError

_LONGEST = 60


def taken_with(path: Path) -> tuple[str, str]:
    """ISO date and camera with lens; each empty where the file does not say it.

    Where it was taken is never looked at: reports are handed on.
    """
    try:
        with Image.open(path) as picture:
            exif = picture.getexif()
            more = exif.get_ifd(ExifTags.IFD.Exif)
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError):
        return "", ""
    moment = _text(more.get(ExifTags.Base.DateTimeOriginal))
    day = moment[:10].replace(":", "-")
    parts = (
        _text(exif.get(ExifTags.Base.Model)),
        _text(more.get(ExifTags.Base.LensModel)),
    )
    return day if len(day) == 10 else "", ", ".join(part for part in parts if part)


def _text(value: object) -> str:
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value if letter.isprintable())[
        :_LONGEST
    ].strip()
