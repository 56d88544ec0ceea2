"""How much of everything a small and a larger service use in a month. Assumptions, all of them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """Of the environment people use; any other is taken to have a tenth of it."""

    members: int
    recommendations: int
    """A month."""

    @property
    def requests(self) -> int:
        """Of the API: 20 visits of 20 requests a member, 10 looks whether an answer is there."""
        return self.members * 400 + self.recommendations * 10

    def part(self, share: float) -> "Use":
        return Use(round(self.members * share), round(self.recommendations * share))


NOBODY = Use(members=0, recommendations=0)
LOW = Use(members=50, recommendations=300)
EXPECTED = Use(members=200, recommendations=1_500)
HIGH = Use(members=2_000, recommendations=15_000)
USAGES = {"low": LOW, "expected": EXPECTED, "high": HIGH}
OF_OTHERS = 0.1
"""Of an environment that is not production: the team tries things."""

INPUT_TOKENS, OUTPUT_TOKENS, SHORTLIST = 4_000, 900, 22
"""Of one recommendation, all its questions together, with so many people to judge: $0.0005 with
Nova Lite, the most a match may cost at `cufit eval --gate` (docs/evaluation.md). Nearly all tokens
are the people's, so they grow with the shortlist."""
PHOTOS_PER_MEMBER, PHOTO_MB = 3, 0.5
"""Kept, thumbnail included."""
PHOTOS_SEEN_PER_REQUEST, SEEN_MB = 1.0, 0.1
CHANGES_PER_MEMBER = 4
"""Of a profile, a month: each is embedded and indexed."""
EMBEDDED_TOKENS, SEARCHED_TOKENS = 1_000, 500
"""Of a profile; of a question to the knowledge base, two of which a recommendation asks."""
SHADOWED = 0.1
"""Of the recommendations, that are asked once more with the prompt in the shadow."""
PROFILE_KB, VECTOR_KB = 4, 8
COPIES = 3
"""Of an item: the table's, and those of two indexes. Backups hold the table's alone."""
REQUEST_KB = 10
"""Of an answer of the API, and what a task sends elsewhere for it."""
OTHER_ZONE = 0.5
"""Of what comes in, goes to a task in the other zone."""
READS_PER_REQUEST, WRITES_PER_REQUEST = 4, 1
"""Request units; transactions count twice."""
READS_PER_RECOMMENDATION = 60
"""Queries for each province, and the shortlist, consistently, with who met whom."""
READS_PER_MEMBER_RANKED = 0.07
"""From the index by_place, eventually consistent, 0.5 KB each (docs/adr/0040)."""
MOST_RANKED = 2_000
"""match_worker.scoring.reach.MOST_READ: of the other gender, as half of the members are."""
WRITES_PER_RECOMMENDATION = 75
"""45 of them: each of five shown is counted in the table, in by_maker, which holds whole items of
PROFILE_KB, and in by_place (DynamoDB developer guide, write units of an update and its indexes)."""
LOG_KB_PER_REQUEST, LOG_KB_PER_INVOCATION = 1.5, 2.0
"""Access log and service's line; Lambda's own lines and ours."""
WORKER_SECONDS, INDEXER_SECONDS, PROCESSOR_SECONDS, OTHER_SECONDS = 6, 2, 3, 0.5
KEPT_FOR_EVER_DAYS = 365
"""Logs without an end to their keeping, counted as the first year's."""
DEPLOYMENTS, ROLL_MINUTES = 20, 5
"""A month, of each environment, one each working day; so long do the old and the new tasks run and
hold an address, by the delays of a deployment (docs/reliability.md)."""
NOTICES = 100
"""Messages of alarms and budgets to a topic, a month."""
LOOKS, METRICS_A_LOOK = 8, 10
"""`cufit tune` and its like ask CloudWatch for so many metrics, so often a month."""
ASKED_SO_FAR = 2
"""`cufit cost --so-far`, a month."""
ASSETS_GB = 0.1
"""Code of functions and templates, in the bootstrap's bucket."""
FUNCTIONS = (
    "match_worker", "profile_indexer", "photo_processor", "photo_upload_url", "heartbeat",
    "alarm_notifier", "cost_brake",
)  # fmt: skip
"""Whose use is estimated here; the last two run some times a month."""
MESSAGES_REQUESTS = 4
"""SQS requests of a message: sent, received, deleted, and one to spare."""
IMAGE_GB = 0.25
"""In ECR: a few images of 60 MB in each environment's repository. Nothing there ends by itself (the
bootstrap's only rule is for untagged ones): a hundred changes are 6 GB, $0.60 a month, until
`cdk gc` (docs/deploy.md)."""
