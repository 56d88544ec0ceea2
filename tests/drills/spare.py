"""Conditions that no history here needs, and why. They stand against what is not supposed to be."""

SPARE = {
    "ConditionCheck candidates: attribute_exists(candidate_id)": "the other half implies it",
    "ConditionCheck candidates: paused = ?": "a suggestion beside a pause may as well be the first",
    "ConditionCheck members: joined_at <= ?": "who leaves takes the invitations along",
    "Delete matches: status = ?": "only a block has a maker_id",
    "Delete members: joined_at = ?": "who leaves and comes back at once may as well be gone",
    "Put idempotency: version = ?": "work done twice under one reserved id is done once",
    "Put invitations: attribute_not_exists(code)": "a code is 80 random bits",
    "Put photos: attribute_not_exists(photo_id)": "an id is 130 random bits",
    "Update invitations: attribute_exists(code)": "who invited is checked as well",
    "Update photos: live > ?": "every photo's place was counted",
}
