"""Fit the model to published trials of facial lines, and put what was found into the evidence library.

    python calibration/facial_lines.py FOLDER

FOLDER is what `endplate calibrate --leave-trials-out -o FOLDER` has written. Calibration rows: those of
``src/endplate/evidence/trials/trials.csv`` with ``use = calib`` that the model can express. Nothing else is read;
potency of ona, kinetics and spread stay as other scripts have them. Predictions for trials that were left out are in
``left_out.csv`` of the same folder; docs/trials.md shows them.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

EVIDENCE = Path(__file__).parents[1] / "src" / "endplate" / "evidence"
LIBRARY = EVIDENCE / "library"
SCRIPT = "calibration/facial_lines.py"
DIGITS = 4
TO_COME = "; to be replaced by a fit to this product's own trials"
# Keys that a fitted entry does not keep.
DROPPED = ("grade", "how", "reason", "script", "where", "low", "high", "value", "sd")


def main(folder: Path) -> None:
    """Write the posterior and every fitted entry."""
    found = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
    if not found["facts"]["settled"]:
        raise SystemExit("the chains do not agree: see `mixing` in calibration.json")
    target = EVIDENCE / "posterior"
    target.mkdir(exist_ok=True)
    for name in ("facial_lines.csv", "facial_lines.toml"):
        shutil.copyfile(folder / name, target / name)
    left = dict(found["entries"]) | {f"trial.between.{name}": one for name, one in found["between"].items()}
    for path in sorted(LIBRARY.glob("*.toml")):
        text = path.read_text(encoding="utf-8")
        for name in [one for one in left if f"[{one}]" in text]:
            text = with_entry(text, name, left.pop(name), facts=found["facts"])
        path.write_text(text, encoding="utf-8")
    if left:
        raise SystemExit(f"not in the library: {', '.join(left)}")


def with_entry(text: str, name: str, one: dict[str, float], *, facts: dict[str, object]) -> str:
    """The text of a library file with one entry fitted."""
    head, block, tail = re.split(rf"(\[{re.escape(name)}\]\n(?:.+\n)+)", text, maxsplit=1)
    if one["sd_over_prior"] > 0.97:  # the trials say nothing of it
        return text
    block = block.replace(TO_COME, "")
    kept = [line for line in block.splitlines() if line.partition(" ")[0] not in DROPPED]
    place = next(row for row, line in enumerate(kept) if line.startswith("unit"))
    numbers = [f"{key} = {one[key]:.{DIGITS}g}" for key in ("value", "low", "high")]
    kept[place:place] = [numbers[0]]
    kept[place + 2 : place + 2] = numbers[1:]
    kept.insert(-2, f'where = "{facts["rows"]} rows of {facts["trials"]} trials; 90 % of the posterior"')
    kept.insert(-2, 'grade = "fitted"')
    kept.insert(-2, f'script = "{SCRIPT}"')
    return head + "\n".join(kept) + "\n" + tail


if __name__ == "__main__":
    main(Path(sys.argv[1]))
