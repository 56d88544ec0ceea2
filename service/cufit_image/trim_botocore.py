"""Leave only some services' descriptions in an installed botocore: 23 MB become 2.

    python trim_botocore.py SITE_PACKAGES SERVICE…

A botocore maintainer calls removing unused ones fine (boto/botocore#1629).
tests/unit/service/test_image.py makes every client the service makes from what is kept.
"""

import shutil
import sys
from pathlib import Path


def trim(site_packages: Path, keep: set[str]) -> None:
    """Raises ValueError when a service to keep is not there."""
    data = site_packages / "botocore" / "data"
    services = {folder.name for folder in data.iterdir() if folder.is_dir()}
    if missing := keep - services:
        raise ValueError(f"botocore describes no {', '.join(sorted(missing))}")
    for name in services - keep:
        shutil.rmtree(data / name)
    for documentation in (*data.glob("*/*/examples-*"), *site_packages.glob("boto*/examples")):
        shutil.rmtree(documentation) if documentation.is_dir() else documentation.unlink()


if __name__ == "__main__":
    trim(Path(sys.argv[1]), set(sys.argv[2:]))
