"""Step 6, infer: truths of conditions and the rules of kb/ become derived truths with proofs, and then verdicts.

Start at `engine.py` (what the rest of the program calls), then `formula.py` (the rule language), `compiler.py` and
`durable_backend.py` (durable_rules), `direct.py` (the second engine) and `verdict.py` (the ordered table).
"""
