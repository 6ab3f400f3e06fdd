"""Does the video platform answer just now? Asked where somebody is about to go there, so that they are not sent into
nothing; asked from here, which is not where they are, so that it advises and never shuts anybody out.
"""

import threading
import time

import httpx
import structlog
from django.conf import settings

# A click waits no longer than this; what was learned serves the panel, which asks each two seconds, as long.
WITHIN_SECONDS = 2.0
KEPT_SECONDS = 10.0

_log = structlog.get_logger(__name__)
_lock = threading.Lock()
_learned: dict[str, tuple[float, bool]] = {}


def is_answering() -> bool:
    """False where it could not be reached, was slow, or answered with an error of its own. Never raises.

    Outside any transaction. Where settings.VIDEO_HEALTH_URL is empty nothing is asked, and it is taken to answer.
    """
    url = settings.VIDEO_HEALTH_URL
    if not url:
        return True
    with _lock:
        learned = _learned.get(url)
        if learned is not None and time.monotonic() - learned[0] < KEPT_SECONDS:
            return learned[1]
        answers = _ask(url)
        _learned[url] = (time.monotonic(), answers)
    if not answers:
        _log.warning("video_platform_is_not_answering")
    return answers


def forget() -> None:
    """Ask anew at the next question."""
    with _lock:
        _learned.clear()


def _ask(url: str) -> bool:
    """Headers are enough: a platform that begins to answer, answers. Redirects are an answer, and not followed."""
    deadline = time.monotonic() + WITHIN_SECONDS
    try:
        with httpx.stream("GET", url, timeout=WITHIN_SECONDS, follow_redirects=False, trust_env=False) as answer:
            return answer.status_code < 500 and time.monotonic() < deadline
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError):
        return False
