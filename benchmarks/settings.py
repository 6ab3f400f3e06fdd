"""The demo's settings, with the yardsticks beside our own addresses."""

from navmeet.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.yardsticks"
