"""Templates that ship with the program: whoever keeps one of the same name has their own instead."""

from datetime import UTC, datetime

from cx_tui.domain.outbox import Template, Way

SHIPPED_AT = datetime(2026, 1, 1, tzinfo=UTC)

REFERRAL = """Dear {{ contact.name }},

thank you for sending your traffic through us.

Do you know another company that could use our routes?  Tell them to write to us and to mention
{{ customer.name }}.  Once they have sent their first paid traffic, we credit both accounts.

Just reply to this message with their name, or forward it to them.

Kind regards
"""

REFERRAL_SMS = (
    "Hello {{ contact.name }}, do you know a company that could use our routes? Tell them to mention"
    " {{ customer.name }}: we credit both accounts after their first paid traffic."
)


def shipped() -> list[Template]:
    """The templates of the program."""
    return [
        _template("Referral", Way.EMAIL, "Recommend us to a partner", REFERRAL),
        _template("Referral by SMS", Way.SMS, "", REFERRAL_SMS),
    ]


def _template(name: str, way: Way, subject: str, body: str) -> Template:
    return Template(
        name=name, way=way, referral=True, subject=subject, body=body.strip(), changed_at=SHIPPED_AT
    )
