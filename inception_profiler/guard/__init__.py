"""Nobody grows a network unnoticed: costs are locked, recounted, held against lock and limits.

=================  =======================================================================================
`configuration`    ``[tool.inception-profiler]`` of a ``pyproject.toml`` → `Configuration`: models, limits
`counting`         `counted_for`: a model that is asked for → `Counted`, its profile and its `LockedModel`
`locking`          `locked`: a `Profile` → a `LockedModel`
`lockfile`         `read_lock`, `write_lock`, `held`: the lock file, read with clear errors, written whole
`matching`         `paired`: which layer of the old count is which of the new one
`differences`      `difference`: two `LockedModel` → `ModelDifference`; `between`: two `Lock` → `Difference`
`limits`           `parse_limit`: ``"<= baseline + 1%"`` → a `Limit`
`judging`          `judged`: limits and a count → a `Judgement` for each
`timing`           `timed_against`: a latency limit → a `Judgement` of the ratio to its control
`checking`         `checked`: a configuration and its lock → a `Check`; with ``update`` the lock is written
`sides`            `read_side`: a lock file or a saved profile → a `Lock`
`revisions`        `revised`: git revisions, each counted in its own worktree and process → `Difference`
`defining`         `defined`: the file and the line that define a model
`costing`          `CostOf`, `ModelCost`: one network in a test, against limits and a lock file of the tests
`public`           `check` and `diff` from Python
`pytest_plugin`    the fixture ``model_cost`` and the option ``--update-costs``
=================  =======================================================================================

Their results are records of ``records.lock``, ``records.difference`` and ``records.check``; documents of them
are made by ``document.check`` and ``document.difference``. Nothing here imports torch before it counts.
"""
