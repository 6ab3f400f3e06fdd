"""Telephone numbers as people read them."""


def spaced(phone: str) -> str:
    """A Norwegian number in pairs, as it is read aloud; others as they were written."""
    prefix, number = ("+47 ", phone[3:]) if phone.startswith("+47") else ("", phone)
    if len(number) != 8 or not number.isdecimal():
        return phone
    return prefix + " ".join(number[i : i + 2] for i in range(0, 8, 2))
