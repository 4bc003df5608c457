"""The version of the rules as code. Raise it whenever an amount or a trace may come out otherwise:
tests/liquidation/past/ holds décomptes that must recompute equal under the version that made them."""

CODE_VERSION = "2026.7"
