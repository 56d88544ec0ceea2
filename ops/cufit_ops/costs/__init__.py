"""What an environment costs a month: counted from its templates, priced by ops/prices."""
