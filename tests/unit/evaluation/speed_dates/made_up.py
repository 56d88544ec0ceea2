"""Evenings that nobody spent, in the shape of the public file."""

import csv
import io
from pathlib import Path
from random import Random

from cufit_ops.evaluation.speed_dates.rows import INTERESTS

Row = dict[str, str]


def evenings(waves: int = 3, of_each: int = 6, seed: int = 1) -> list[Row]:
    """Every woman meets every man of her evening. Some are liked, some like many; age and
    interests say nothing."""
    random = Random(seed)  # noqa: S311
    rows: list[Row] = []
    for wave in range(1, waves + 1):
        first = 100 * wave
        women = list(range(first, first + of_each))
        men = list(range(first + of_each, first + 2 * of_each))
        about = {iid: _somebody(random) for iid in women + men}
        liked = {iid: random.uniform(0.1, 0.9) for iid in about}
        likes = {iid: random.uniform(-0.3, 0.3) for iid in about}
        for n, woman in enumerate(women):
            for m, man in enumerate(men):
                order = str((n + m) % of_each + 1)
                hers = int(random.random() < liked[man] + likes[woman])
                his = int(random.random() < liked[woman] + likes[man])
                for one, other, said, heard in ((woman, man, hers, his), (man, woman, his, hers)):
                    rows.append(
                        {
                            "iid": str(one),
                            "pid": f"{other}.0",
                            "wave": str(wave),
                            "gender": str(int(one in men)),
                            "order": order,
                            "match": str(said * heard),
                            "dec": str(said),
                            "dec_o": str(heard),
                            **about[one],
                        }
                    )
    return rows


def _somebody(random: Random) -> Row:
    return {
        "age": str(random.randint(21, 30)),
        **{interest: str(random.randint(1, 10)) for interest in INTERESTS},
    }


def written(rows: list[Row], file: Path, encoding: str = "utf-8", **more: str) -> Path:
    """`more` are columns that nobody reads, alike in every row."""
    text = io.StringIO()
    writer = csv.DictWriter(text, [*more, *rows[0]])
    writer.writeheader()
    writer.writerows({**more, **row} for row in rows)
    file.write_bytes(text.getvalue().encode(encoding))
    return file
