"""A QR code as an SVG that scales with its box."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

# The margin that scanners need, in modules (ISO/IEC 18004).
QUIET_ZONE = 4


def qr_code(text: str, *, label: str) -> str:
    """`text` as a QR code, dark on white in every colour scheme: scanners need it so. `label` says what it is."""
    modules = modules_of(text)
    side = len(modules)
    runs = "".join(_runs(modules))
    return (
        f'<svg class="qr" viewBox="0 0 {side} {side}" shape-rendering="crispEdges" role="img"'
        f' aria-label="{escape(label)}">'
        f'<path fill="#ffffff" d="M0 0h{side}v{side}H0z"/><path fill="#000000" d="{runs}"/></svg>'
    )


def modules_of(text: str) -> Sequence[Sequence[bool]]:
    """Row by row whether a module is dark, with the margin."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    modules: Sequence[Sequence[bool]] = code.get_matrix()
    return modules


def _runs(modules: Sequence[Sequence[bool]]) -> Iterator[str]:
    """Each run of dark modules in a row as a bar."""
    for y, row in enumerate(modules):
        for is_dark, run in groupby(enumerate(row), key=lambda module: module[1]):
            cells = list(run)
            if is_dark:
                yield f"M{cells[0][0]} {y}h{len(cells)}v1h-{len(cells)}z"
