"""Tells the team's chat about alarms: SNS in, Discord or Slack webhook out."""
