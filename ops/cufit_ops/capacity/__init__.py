"""What an environment can carry, how long it takes to deploy, and which size is worth its money."""
