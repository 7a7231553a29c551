"""Makes tests/costs.json, by which `./test quick` chooses, of what the last whole `./test` measured in every room.

python -m tools.costs
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.costs import COSTS, read, write  # noqa: E402  # needs the path above
from tools.steps import MEASURED  # noqa: E402


def main() -> int:
    """Write the file; return 1 when nothing was measured."""
    measured = sorted(MEASURED.glob("*.json"))
    if not measured:
        print("Nothing is measured yet: ./test measures.", file=sys.stderr)
        return 1
    rooms = {_room(name) for name in read(measured)}
    kept = {name: cost for name, cost in read([COSTS]).items() if _room(name) not in rooms}
    costs = kept | read(measured)
    write(COSTS, costs)
    print(f"{len(costs)} costs, of them measured anew: {', '.join(sorted(rooms))}")
    return 0


def _room(name: str) -> str:
    return Path(name.split("::", maxsplit=1)[0]).parts[1] if "/" in name else ""


if __name__ == "__main__":
    sys.exit(main())
