"""Upkeep of the knowledge base: how it differs from the candidates table, and bringing it in step.

What a document is and how it is written is profile_indexer's; this runs the function's own code
over all profiles, where the function follows one change at a time.
"""
