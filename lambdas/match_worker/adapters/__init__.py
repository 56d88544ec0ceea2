"""The ports on AWS, one module per need, named after its vendor."""
