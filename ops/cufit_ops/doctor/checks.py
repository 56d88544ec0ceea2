"""Every question of `cufit doctor`, in the order they are shown."""

from cufit_ops.doctor import account, deployment, github, machine, models

CHECKS = (
    *account.CHECKS,
    *machine.CHECKS,
    *models.CHECKS,
    *github.CHECKS,
    *deployment.CHECKS,
)

FIRST = ("credentials", "account")
"""Asked before the others: of the wrong account every answer would mislead."""
