"""Conditions that no history here needs, and why. They stand against what is not supposed to be."""

SPARE = {
    "Update candidates: maker_id = ?": "beside a maker who leaves, it may be the first",
    "Update candidates: paused = ?": "a suggestion beside a pause may as well be the first",
    "ConditionCheck members: inviter_id = ?": "the other half implies it",
    "ConditionCheck members: inviter_joined_at = ?": "the other half implies it",
    "Delete members: joined_at = ?": "who leaves and comes back at once may as well be gone",
    "Put idempotency: version = ?": "work done twice under one reserved id is done once",
    "Put invitations: attribute_not_exists(code)": "a code is 80 random bits",
    "Put photos: attribute_not_exists(photo_id)": "an id is 130 random bits",
    "Update invitations: attribute_exists(code)": "who invited is checked as well",
    "Update members: inviter_id = ?": "the other half implies it",
    "Update members: inviter_joined_at = ?": "the other half implies it",
    "Update photos: state IN (?, ?)": "who withdraws a photo then deletes its row",
    "Update photos: expires_at_epoch > ?": "a photo expires days after all that happens here",
}
