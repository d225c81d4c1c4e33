"""`python -m zantara.knowledge.vectors`: brings the shipped vectors up to date with the pack."""

import sys

from zantara.knowledge._meaning import SHIPPED, SmallE5, ship
from zantara.knowledge._store import load_all

__all__ = ["main"]


def main() -> None:
    entries = load_all(())
    computed = ship(entries, SmallE5())
    sys.stdout.write(f"{SHIPPED.name}: {len(entries)} rows, {computed} of them computed now\n")


if __name__ == "__main__":
    main()
