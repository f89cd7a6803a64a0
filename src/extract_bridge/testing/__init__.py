"""Tests against the Extract API without an account: fixtures of pytest, faults on demand, and suites for parts of your own.

The pytest plugin comes with the package and needs no registration; `plugin` says which fixtures it brings, and
`extract_bridge.local.service.faults` which faults there are. `stores`, `engines` and `transports` hold suites that every job store,
engine or transport must pass: derive a test class and say how yours is opened. `examples/testing.md` shows all of it.
"""
