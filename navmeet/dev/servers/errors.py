"""What goes wrong on a laptop, each as one line for the person who started it."""

import errno


class CannotStart(Exception):
    """Something could not be started; the message says what, and what to do about it.

    `details` are the last lines of its log, if it had one.
    """

    def __init__(self, message: str, details: str = "") -> None:
        super().__init__("\n".join(filter(None, (message, details))))
        self.message = message
        self.details = details


class Died(CannotStart):
    """Something that was running has ended by itself."""


class Unwanted(Exception):
    """Somebody asked to stop while something was being started."""


DISK_FULL_SIGN = "No space left on device"


def in_one_line(error: BaseException) -> str:
    """The error as a person should read it."""
    if isinstance(error, CannotStart):
        full = DISK_FULL_SIGN in error.details
        return f"{error.message} The disk is full: make room and start again." if full else error.message
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return f"The disk is full (writing {error.filename or 'a file'}): make room and start again."
    if isinstance(error, PermissionError):
        return f"No permission for {error.filename}: run as the user who owns this folder."
    return f"{type(error).__name__}: {error}"
