"""The claims of the documents: one file a document, or several named after it.

How a claim is entered: in the file of its document, one call::

    enter(
        "bottleneck-direct",                         # its name in the ledger, unique
        CSDN_GOOGLENET,                              # its document, from claims/bibliography.py
        "256×256×3×3的卷积(589000次乘积累加(MAC)运算)",  # verbatim: a test finds it in the document
        "256×256×3×3 convolutions (589000 MACs)",    # in English
        (Quantity("macs", "589000", "MACs of a 3×3 from 256 to 256 maps"), _direct),
    )

- ``printed`` is the part of the quote that states the quantity; the claimed number is read from it, with its
  precision (see `stated`): ``7.5 MB``, ``8.9x``, ``560w``, ``九分之一``, ``20×200×200×(3×3)``. Where the
  prefix stands elsewhere, as in ``MFLOP: 418``, give ``scale="M"``. A comparison without a number (``fewer``)
  has a ``relation`` (LESS, MORE) and a ``bound``: what the ratio is held against, ``"1"``.
- The lens is a function without arguments that returns the readings, built by `claims.derive`: the default by
  our own rules first (FLOPs are 2 · MACs + ops; every output counts), then the same under named conventions,
  in the order in which they shall be tried, then readings with ``explains=True``, which measure something
  else, to show where a wrong figure comes from. Every value comes from a profile: `counted` for a registered
  model, `sketched` for a chain of convolutions; `claims.layers` chooses layers and says what is counted of
  them, `total` adds up, `read_as` follows a convention of `analysis.conventions`, `fact` takes one number.
- History and accuracy have no lens: ``Quantity("top5", "6.67%", "…", reported="ILSVRC 2014 results")``.
- Speed: ``relation=FASTER``, or BETWEEN for "3 to 10 times", and the lens ``Speed("subject", "reference",
  counts)``, ``train=True`` for training. It is judged by what `reports/measurements` holds: add the pair to
  the sweep file there, or a test will ask for it.

The verdict is never typed: ``inception-profiler claims NAME`` shows it, with the derivation. Afterwards write
the golden ledger anew (``pytest tests/claims --update-golden``) and read its diff.
"""
