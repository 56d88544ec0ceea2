"""`cufit smoke`: whether what was just deployed answers and refuses as it must, without people."""
