"""`cufit doctor`: what only an account or a laptop can answer, asked before it surprises."""
