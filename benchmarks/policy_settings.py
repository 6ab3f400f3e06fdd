"""The policy surface's settings, with the yardsticks beside its own addresses."""

from navmeet.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.policy_yardsticks"
