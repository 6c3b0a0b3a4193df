"""Somebody applies to a portal whose operator imports a large BibTeX file: neither hears of the other."""

from pathlib import Path

from flask import Flask

from tests.support.receipts import Client, at_work, check_receipts, in_form, wait_for_an_empty_outbox
from tests.support.server import Portal

ENTRIES = in_form(short=120, long=2400)


def a_file_of(count: int) -> str:
    return "".join(
        f"@article{{DBLP:journals/rooms/{number}, title = {{Room {number} \\& {{D}}oors}}, journal = {{Rooms}},"
        f" author = {{S{{\\o}}lve, Arne and Lin, Xiaohe and Rao, Ming and Sample, Ada}}, year = {{(2020)}},"
        f" doi = {{10.5555/room.{number}}}, abstract = {{{'Words on a room and its doors. ' * 20}}}}}\n"
        for number in range(count)
    )


def test_an_applicant_does_not_notice_an_import(portal: Portal, custody: Flask, tmp_path: Path) -> None:
    file = tmp_path / "large.bib"
    file.write_text(a_file_of(ENTRIES))
    portal.start()
    client = Client(0, portal)
    with at_work([client]):
        told = [portal.run("content", "import-bibtex", str(file), *options) for options in (["--dry-run"], [], [])]
    sums = [output.splitlines() for output in told]
    assert sums[0][-2] == sums[1][-1] == f"{ENTRIES} added, 0 completed, 0 offered, 0 known, 0 refused"
    assert sums[2][-1] == f"0 added, 0 completed, 0 offered, {ENTRIES} known, 0 refused"
    assert (client.told.total(), client.interruptions) == (0, 0)
    wait_for_an_empty_outbox()
    check_receipts(client.receipts, portal)
