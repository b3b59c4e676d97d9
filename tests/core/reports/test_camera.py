"""What a photo says of itself goes into the report; where it was taken does not."""

from pathlib import Path

from PIL import ExifTags, Image

from resunet_core.reports.camera import taken_with


def test_day_camera_and_lens_of_a_photo(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "ILCE-7RM4\x07"
    more = exif.get_ifd(ExifTags.IFD.Exif)
    more[ExifTags.Base.DateTimeOriginal] = "2026:05:02 10:11:12"
    more[ExifTags.Base.LensModel] = "FE 50mm F2.5"
    path = tmp_path / "额枋.jpg"
    Image.new("RGB", (8, 8)).save(path, exif=exif)
    assert taken_with(path) == ("2026-05-02", "ILCE-7RM4, FE 50mm F2.5")


def test_a_file_that_says_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.new("RGB", (8, 8)).save(path)
    assert taken_with(path) == ("", "")
    path.write_bytes(b"no picture")
    assert taken_with(path) == ("", "")
    assert taken_with(tmp_path / "missing.jpg") == ("", "")
