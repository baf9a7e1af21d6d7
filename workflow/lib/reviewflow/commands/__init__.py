"""The commands of `reviewflow`, a module each: `add` declares its arguments, `run` does the work."""
