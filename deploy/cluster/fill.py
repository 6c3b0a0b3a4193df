"""Fills a template of this folder in: python3 deploy/cluster/fill.py haproxy.cfg NAME=VALUE … >haproxy.cfg

Without values it says which names the template has.
"""

import re
import sys
from collections.abc import Mapping
from pathlib import Path

FOLDER = Path(__file__).parent
NAME = re.compile(r"@([A-Z][A-Z0-9_]*)@")


def fill(template: str, values: Mapping[str, object]) -> str:
    """The template of that name with `values` in it. Raises KeyError where one is missing."""
    return NAME.sub(lambda name: str(values[name[1]]), (FOLDER / template).read_text())


def main() -> None:
    """Print a template that is filled in, or tell what is missing."""
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    template, values = sys.argv[1], dict(each.split("=", 1) for each in sys.argv[2:])
    names = dict.fromkeys(NAME.findall((FOLDER / template).read_text()))
    if missing := [name for name in names if name not in values]:
        sys.exit(f"{template} needs: {' '.join(missing)}")
    sys.stdout.write(fill(template, values))


if __name__ == "__main__":
    main()
