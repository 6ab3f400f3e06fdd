"""A stand-in for Nav's registers and the token sidecar: their real formats over real HTTP, about made-up people.

`python -m navmeet.dev.registers --port 8020`, or `serve(port)` in a thread of a test.
"""

from navmeet.dev.registers.server import RunningRegisters, serve

__all__ = ["RunningRegisters", "serve"]
