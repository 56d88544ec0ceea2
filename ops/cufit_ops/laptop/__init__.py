"""cufit on one laptop: embedded AWS, the CDK deployment onto it, the task, the front door."""
