"""Pulls the brake when a limit for AI is passed: SNS from CloudWatch and Budgets in, one SSM
parameter out."""
