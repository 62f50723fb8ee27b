"""Where the points of a sweep are measured: here or by a fleet, through `concurrent.futures.Executor`."""
