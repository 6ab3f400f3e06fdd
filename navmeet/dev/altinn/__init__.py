"""A stand-in for Altinn Notifications: orders of SMS and e-mail over real HTTP, and a page to read what was sent.

`python -m navmeet.dev.altinn --port 8033`, or `serve(folder)` in a thread of a test. How a delivery goes is in the
last three digits of the number, or of what stands before the @ (see `delivery`).
"""

from navmeet.dev.altinn.running import RunningAltinn, serve

__all__ = ["RunningAltinn", "serve"]
