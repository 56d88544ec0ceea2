"""Ranks partners for the seeker of a recommendation: SQS in, one conditional write out."""
