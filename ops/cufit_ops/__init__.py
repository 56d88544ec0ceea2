"""The `cufit` command: run, deploy, watch and explain cufit; the same on a laptop and on AWS."""
