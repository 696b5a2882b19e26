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


PASSWORD_FIELD = "password"  # noqa: S105  # the name of a field
"""What stands for the new password in the template of its letter, and in no other."""

PASSWORD_NAME = "Portal password"  # noqa: S105  # the name of a template
LETTER = """Dear {{ contact.name }},

you have a new password for the customer portal of {{ customer.name }}:

    {{ password }}

Log in with this e-mail address, {{ contact.email }}.  The old password works no more.

If you did not ask for this, please tell us.

Kind regards
"""


def password_template() -> Template:
    """The letter with a new password, unless somebody keeps one of this name."""
    return Template(
        name=PASSWORD_NAME, way=Way.EMAIL, subject="Your password for the portal", body=LETTER.strip(),
        changed_at=SHIPPED_AT,
    )  # fmt: skip


def shipped() -> list[Template]:
    """The templates of the program that can be sent to many."""
    return [
        _template("Referral", Way.EMAIL, "Recommend us to a partner", REFERRAL),
        _template("Referral by SMS", Way.SMS, "", REFERRAL_SMS),
    ]


def _template(name: str, way: Way, subject: str, body: str) -> Template:
    return Template(
        name=name, way=way, referral=True, subject=subject, body=body.strip(), changed_at=SHIPPED_AT
    )
