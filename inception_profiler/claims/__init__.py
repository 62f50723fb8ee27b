"""The documents' cost arguments: what they claim, held against the counters, and calculators for teaching.

How a claim is entered stands in `claims.documents`.
"""
