"""The rules of cufit as pure code: no input, no output, no clock of its own."""
