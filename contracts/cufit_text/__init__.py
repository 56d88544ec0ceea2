"""How a profile is written where a language model reads it: code that match_worker and
profile_indexer share, beside the contracts because it is no shape two deployables agree on."""
