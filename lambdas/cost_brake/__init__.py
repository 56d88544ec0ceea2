"""Pulls the brake when the budget is spent: SNS from Budgets in, one SSM parameter out."""
