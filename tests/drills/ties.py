"""Who brought whom in, and who introduces whom. Part of what must hold whatever happened."""

from collections.abc import Mapping, Sequence

from tests.drills.picture import Plain, rows
from tests.drills.world import World


def check_roles(members: Mapping[str, Plain], used: Sequence[Plain]) -> None:
    """`used`: the invitations that somebody has accepted."""
    for member_id, member in members.items():
        entered = [
            row
            for row in used
            if row["accepted_by"] == member_id and row["accepted_at"] >= member["joined_at"]
        ]
        inviter = members.get(member.get("inviter_id", ""))
        _check_role(member, inviter, sorted(entered, key=lambda row: str(row["accepted_at"])))


def _check_role(member: Plain, inviter: Plain | None, entered: list[Plain]) -> None:
    """It is what the last invitation offered; candidates whose maker has left may use another. Who
    leaves takes along the invitations they made."""
    told = f"{member['member_id']} is {member['role']} and used {len(entered)} invitations"
    if member["role"] == "BASIC":
        assert not entered, told
        return
    unattached = "inviter_joined_at" in member and (
        inviter is None or inviter["joined_at"] != member["inviter_joined_at"]
    )
    assert len(entered) == 1 or unattached or member["role"] == "CANDIDATE", told
    assert {row["kind"] for row in entered} <= {member["role"]}, told
    makers = [(row["inviter_id"], row.get("inviter_joined_at")) for row in entered]
    assert len(set(makers)) == len(makers), f"{told}, two of them by one maker"
    last = (member["inviter_id"], member.get("inviter_joined_at"))
    if last in makers or not unattached:
        assert makers[-1:] == [last], f"{told}, the last by {makers[-1:]}"


def check_ties(world: World) -> None:
    """At rest: a candidate has the maker who invited them last, as long as that one is a member,
    and no recommendation and no open match is of a membership that has ended."""
    members = {row["member_id"]: row for row in rows(world, "members")}
    since = {member_id: row["joined_at"] for member_id, row in members.items()}
    for row in rows(world, "candidates"):
        member = members.get(row["candidate_id"])
        if member is None or member["joined_at"] != row["joined_at"]:
            continue  # left, and not forgotten yet
        maker = members.get(member["inviter_id"], {})
        attached = maker.get("joined_at") == member["inviter_joined_at"]
        wanted = (maker["member_id"], maker["joined_at"]) if attached else (None, None)
        assert (row.get("maker_id"), row.get("maker_joined_at")) == wanted, row["candidate_id"]
    for row in rows(world, "recommendations"):
        for who, joined_at in (
            ("maker_id", "maker_joined_at"),
            ("candidate_id", "seeker_joined_at"),
        ):
            told = f"{row['recommendation_id']}: {who} has left"
            assert since.get(row[who]) == row[joined_at], told
    for row in rows(world, "matches"):
        if row["status"] not in ("SUGGESTED", "ACCEPTED"):
            continue
        for side in ("left", "right"):
            began = since.get(row[f"{side}_id"])
            assert began == row[f"{side}_joined_at"], f"{row['pair_id']}: {side} has left"
