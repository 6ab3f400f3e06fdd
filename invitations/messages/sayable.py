"""Can a message be said at all? Asked before it is planned, by the rules that it is sent by."""

from invitations import links
from invitations.messages import altinn_rules, notification, texts
from invitations.messages.texts import sms_to_partners
from invitations.models import Channel, Message

# In the place of what is known when it is sent.
_ADDRESS, _PHONE = "somebody@example.org", "+4740000000"


def words_of(message: Message, facts: texts.Facts) -> texts.Rendered:
    """What they will be told, if their channel takes it. Nothing is sent or stored. Raises CannotBeSaid."""
    if message.channel == Channel.EMAIL:
        return of_email(message, facts)
    if message.channel == Channel.SMS:
        return of_sms(message, facts)
    person = message.participant.person
    return notification.check(message, facts, page_only=person is not None and person.is_strictly_protected)


def of_email(message: Message, facts: texts.Facts) -> texts.Rendered:
    """The words of an e-mail, held against what we demand of one, whoever it goes to. Raises CannotBeSaid."""
    words = texts.render(message.occasion, message.step, message.language, facts)
    body = words.body.replace(texts.LINK_PLACEHOLDER, links.address(message.key))
    problems = altinn_rules.problems_with_email(_ADDRESS, words.title, body)
    return _checked(words, problems)


def of_sms(message: Message, facts: texts.Facts) -> texts.Rendered:
    """The words of an SMS to a partner, likewise. Raises CannotBeSaid."""
    words = sms_to_partners.render(message.occasion, message.language, facts)
    return _checked(words, altinn_rules.problems_with_sms(_PHONE, words.sms, altinn_rules.SHORTEST_LIFE))


def _checked(words: texts.Rendered, problems: list[altinn_rules.Problem]) -> texts.Rendered:
    if problems:
        raise texts.CannotBeSaid(", ".join(sorted(f"{problem.code} ({problem.field})" for problem in problems)))
    return words
