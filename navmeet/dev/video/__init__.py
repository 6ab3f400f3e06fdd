"""A stand-in for the video platform: the addresses that Pexip's web app answers, and nothing behind them.

`python -m navmeet.dev.video --port 8031`. No cookies, no sound, no picture; `/api/joins` tells who came.
"""
