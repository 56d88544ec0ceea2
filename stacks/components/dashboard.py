"""One page per environment: alarms first, then what they are about."""

from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

from stacks.components.alarms import Alarms
from stacks.settings import Environment


def dashboard(
    scope: Construct, id_: str, *, settings: Environment, alarms: Alarms
) -> cloudwatch.Dashboard:
    """Three dashboards of up to 50 metrics are free, which is why there is one."""
    page = cloudwatch.Dashboard(
        scope, id_, dashboard_name=f"cufit-{settings.name}", default_interval=None
    )
    page.add_widgets(
        cloudwatch.AlarmStatusWidget(title="Alarms", alarms=list(alarms.all), width=24)
    )
    widgets = [
        cloudwatch.AlarmWidget(title=alarm.node.id, alarm=alarm, width=8) for alarm in alarms.all
    ]
    for start in range(0, len(widgets), 3):
        page.add_widgets(*widgets[start : start + 3])
    return page
