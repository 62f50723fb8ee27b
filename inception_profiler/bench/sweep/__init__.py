"""Sweeps: many points, each measured in a process of its own, kept as soon as it is known.

`grid` reads which points there are, `isolate` measures one by a `worker`, `journal` keeps what became of
each, `key` tells which are known already, `engines` say on which machines, and `run` brings them together.
"""
