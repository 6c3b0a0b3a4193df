"""A package index in a folder, as pip reads it, whose packages are empty but ask for what the real ones ask for."""

import base64
import hashlib
import io
import tarfile
import zipfile
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

# Instead of building anything this setuptools hands out the wheel that lies beside the source.
BUILD = """
import shutil
from pathlib import Path

def build_wheel(folder, *_):
    wheel = next(Path().glob("*.whl"))
    shutil.copy(wheel, folder)
    return wheel.name
"""
# Every package also has this release.
NEWER = "9999"
BROKEN = "raise ImportError('a setuptools that builds nothing')"
PYPROJECT = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'


class PackageIndex:
    """An index at `url`, which grows by `add`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = folder.as_uri()

    def add(self, name: str, version: str, *, as_source: bool = False) -> str:
        """Release a package; the hash of its file, as a lock writes it."""
        filename, content = _wheel(name, version)
        if as_source:
            filename, content = _source(name, version, filename, content)
        page = self.folder / name / "index.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.with_name(filename).write_bytes(content)
        with page.open("a") as links:
            links.write(f'<a href="{filename}">{filename}</a>\n')
        return f"sha256:{hashlib.sha256(content).hexdigest()}"


def _wheel(name: str, version: str) -> tuple[str, bytes]:
    stem = f"{name.replace('-', '_')}-{version}"
    files = {
        f"{stem}.dist-info/METADATA": _described(name, version),
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    if name == "setuptools":
        files["setuptools/__init__.py"] = ""
        files["setuptools/build_meta.py"] = BROKEN if version == NEWER else BUILD
    record = "".join(f"{path},{_record_hash(text)},{len(text.encode())}\n" for path, text in files.items())
    files[f"{stem}.dist-info/RECORD"] = f"{record}{stem}.dist-info/RECORD,,\n"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return f"{stem}-py3-none-any.whl", content.getvalue()


def _described(name: str, version: str) -> str:
    """The metadata, with the real package's requirements; those of other systems are not installed and have none."""
    try:
        real = metadata(name)
    except PackageNotFoundError:
        asked = []
    else:
        asked = [
            f"{field}: {value}" for field in ("Provides-Extra", "Requires-Dist") for value in real.get_all(field) or ()
        ]
    return "\n".join(("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *asked, ""))


def _record_hash(text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest())
    return f"sha256={digest.decode().rstrip('=')}"


def _source(name: str, version: str, wheel_name: str, wheel: bytes) -> tuple[str, bytes]:
    files = {"pyproject.toml": PYPROJECT.encode(), "PKG-INFO": _described(name, version).encode(), wheel_name: wheel}
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as source:
        for path, data in files.items():
            entry = tarfile.TarInfo(f"{name}-{version}/{path}")
            entry.size = len(data)
            source.addfile(entry, io.BytesIO(data))
    return f"{name}-{version}.tar.gz", content.getvalue()
