"""Ask PyPI whether a pinned package has a known vulnerability, by pip-audit.

pip-audit passes where it could ask of nothing: so this counts what was asked. Exit code 1: a
vulnerability is known; 2: nothing is known, and of some packages nothing could be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements-dev.txt"


def main() -> int:
    """Print each vulnerability, then how many packages were asked of."""
    options = ["--require-hashes", "--disable-pip", "--requirement", str(LOCK)]
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except ValueError:
        last = done.stderr.strip().rpartition("\n")[2]
        print(f"Nothing could be asked, so nothing is known: {last[:300]}")
        return 2
    known = [(package, v) for package in packages for v in package.get("vulns", ())]
    for package, fault in known:
        mended = ", ".join(fault["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {fault['id']}, mended in {mended}")
    skipped = sum("skip_reason" in package for package in packages)
    print(
        f"{len(packages) - skipped} of {len(packages)} packages asked of, "
        f"{len(known)} known vulnerabilities; {skipped} could not be asked of"
    )
    return 1 if known else 2 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
