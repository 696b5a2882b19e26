"""Gates 10 and 11: which numbers the call shows."""

from cx_tui.domain.admission.asking import Asking
from cx_tui.domain.admission.call import Finding, Said, Where, passed, refused
from cx_tui.domain.admission.cli_rules import Shown
from cx_tui.domain.admission.facts import RewriteRule
from cx_tui.domain.admission.numbers import is_anonymous, number_in
from cx_tui.domain.admission.rewriting import Effect, Rewritten
from cx_tui.domain.records.customer import AssertedId


def rewrite(asking: Asking) -> Finding:
    """The entry's rewrite rules leave a number."""
    number, cli = asking.numbers()
    for side in (number, cli):
        if side.emptied is not None:
            return _emptied(side.number, side.emptied)
    return passed(lambda: _numbers(asking, number, cli))


def _emptied(number: str, rule: RewriteRule) -> Finding:
    what = "dialled number" if rule.parameter == "destination" else "caller's number"
    return refused(
        484,
        lambda: Said(
            f"{number} becomes nothing",
            f"The rewrite rule #{rule.id} leaves nothing of the {what} {number}.  Correct its new value.",
            f"rewrite {rule.id}",
            Where("rewrite", rule.id, "new"),
        ),
    )


def _numbers(asking: Asking, number: Rewritten, cli: Rewritten) -> Said:
    changed = [*number.changed, *cli.changed]
    broken = [effect for effect in (*number.effects, *cli.effects) if effect.problem not in ("", "disabled")]
    value = f"{number.number} from {cli.number or 'nobody'}"
    told = "".join(f"  Rule #{one.rule.id} can't be used: {one.problem}." for one in broken)
    if not changed:
        before = number_in(asking.call.dialled)
        sentence = (
            "No rewrite rule changes a number."
            if before == number.number
            else (f"No rewrite rule changes a number; the entry makes {number.number} of {before}.")
        )
        return Said(value, sentence + told)
    return Said(
        value,
        f"Rewritten: {', '.join(map(_effect, changed))}.{told}",
        ", ".join(f"rewrite {effect.rule.id}" for effect in changed),
        Where("rewrite", changed[0].rule.id, "new"),
    )


def _effect(effect: Effect) -> str:
    return f"#{effect.rule.id} {effect.before} to {effect.after}"


def cli(asking: Asking) -> Finding:
    """The CLI rules let the caller's number pass, and a P-Asserted-ID is there when it has to be."""
    shown, customer = asking.shown(), asking.customer
    if shown.result == "blocked":
        return refused(403, lambda: _blocked(asking, shown))
    if customer.terms.asserted_id is AssertedId.REQUIRED and is_anonymous(shown.paid):
        return refused(
            403,
            lambda: Said(
                "no P-Asserted-ID",
                "P-Asserted-ID required: the customer's calls pass only with one, and this call has none.  "
                "Have the customer send it, or write one by a CLI rule.",
                "",
                Where("customer", customer.id, "asserted_id"),
            ),
        )
    return passed(lambda: _shown(asking, shown))


def _blocked(asking: Asking, shown: Shown) -> Said:
    caller = shown.cli or "a caller without a number"
    if not any(rule.direction is asking.direction for rule in asking.customer.cli_rules):
        return Said(
            caller,
            f"CLI restriction in effect: only approved CLIs may call, and {caller} is not one.  Approve it "
            "in the portal, or add a CLI rule for it.",
            "",
            Where("customer", asking.customer.id, "approved_clis_only"),
        )
    return Said(
        caller,
        f"CLI restriction in effect: no CLI rule matches {caller}, and none is forced.  Add a rule for it, "
        "or force one.",
        "",
        Where("cli-rule", None, "cli"),
    )


def _shown(asking: Asking, shown: Shown) -> Said:
    value = shown.cli or "nobody"
    paid = f" with P-Asserted-ID {shown.paid}" if shown.paid else ""
    rule = shown.rule
    if rule is None:
        return Said(value, f"There is no CLI rule for such calls: every caller passes, as {value}{paid}.")
    where = Where("cli-rule", rule.id, "cli")
    came = asking.numbers()[1].number or "a caller without a number"
    if shown.result == "forced":
        sentence = f"No CLI rule matches {came}, so rule #{rule.id} forces {value}{paid}."
    elif shown.result == "rewritten":
        sentence = f"CLI rule #{rule.id} matches {came} and shows {value}{paid}."
    else:
        sentence = f"CLI rule #{rule.id} matches {came}: it passes unchanged{paid}."
    return Said(value, sentence, f"cli-rule {rule.id}", where)
