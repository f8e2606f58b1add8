"""What other slices and the command line may do with findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from salesloop.app.accounts.services import User, user_by_login
from salesloop.app.audit.services import log
from salesloop.app.findings.models import Finding, State
from salesloop.app.findings.shown import Shown
from salesloop.app.notices.services import notify
from salesloop.app.org.services import people_responsible_for, scope_for
from salesloop.app.ui.language import current_lang, lang_of
from salesloop.app.workspace import services as data
from salesloop.engine.analyze.asking import Asking
from salesloop.engine.analyze.diagnose.contribution import Member
from salesloop.engine.analyze.findings.draft import FindingDraft
from salesloop.engine.analyze.findings.find import find
from salesloop.engine.analyze.findings.rule import Rule, load_rules
from salesloop.engine.model.errors import UserError
from salesloop.engine.model.scope import Scope
from salesloop.engine.model.text import Messages

__all__ = [
    "Finding",
    "Recorded",
    "Shown",
    "State",
    "act_on",
    "assign",
    "close",
    "dismiss",
    "members_of",
    "record",
    "reopen",
    "run_rules",
    "sentence_of",
    "tell",
    "visible_to",
    "visible_to_login",
    "waiting_for",
]


@dataclass
class Recorded:
    """What one run of the rules did. `quiet` findings were raised before and are not any more."""

    new: list[Finding] = field(default_factory=list)
    updated: list[Finding] = field(default_factory=list)
    reopened: list[Finding] = field(default_factory=list)
    quiet: list[Finding] = field(default_factory=list)
    problems: list[tuple[str, UserError]] = field(default_factory=list)


def run_rules(
    now: dt.datetime,
    actor: User | None = None,
    *,
    as_of: dt.date | None = None,
    told: Callable[[Sequence[Rule]], Iterable[Rule]] = iter,
) -> Recorded:
    """Run every rule over the current snapshot (all rows: findings belong to slices, and slices decide who sees them).

    `as_of` is the business day that the rules take for today; default is the newest that data and clock allow. `told` hands
    the rules on, and hears of each as its turn comes.
    """
    problems: list[tuple[str, UserError]] = []
    asking = Asking(data.workspace(), data.registry(), Scope.all(), as_of or data.as_of())
    rules = load_rules(data.workspace().path / "checks")

    def note(rule: Rule, problem: UserError) -> None:
        problems.append((rule.rule, problem))

    drafts = find(asking, told(rules), on_problem=note)
    failed = {name for name, _ in problems}
    recorded = record(drafts, data.snapshot().number, now, ran=[rule.rule for rule in rules if rule.rule not in failed])
    recorded.problems = problems
    log(
        actor,
        "findings.run",
        data={"new": len(recorded.new), "updated": len(recorded.updated), "quiet": len(recorded.quiet)},
    )
    return recorded


@transaction.atomic
def record(drafts: Iterable[FindingDraft], snapshot: int, now: dt.datetime, ran: Sequence[str]) -> Recorded:
    """Keep what was raised: new troubles are added, known ones updated, closed ones opened again.

    Findings of the rules `ran` that were not raised this time are marked quiet but stay where they are in the loop.
    """
    recorded = Recorded()
    raised = set()
    for draft in drafts:
        raised.add(draft.fingerprint)
        finding = Finding.objects.select_for_update().filter(fingerprint=draft.fingerprint).first()
        if finding is None:
            recorded.new.append(_add(draft, snapshot, now))
            continue
        came_back = finding.state == State.CLOSED and not finding.still_raised
        _update(finding, draft, snapshot, now)
        if came_back:
            reopen(finding, "")
            recorded.reopened.append(finding)
        else:
            recorded.updated.append(finding)
    gone = Finding.objects.filter(rule__in=ran, still_raised=True).exclude(fingerprint__in=raised)
    recorded.quiet = list(gone)
    gone.update(still_raised=False)
    return recorded


def visible_to(user: User) -> QuerySet[Finding]:
    """The findings whose slice lies in the person's scope, and those that are theirs to mend."""
    scope = scope_for(user)
    if scope.everything:
        return Finding.objects.all()
    own = Q(owner=user) | Q(actions__owner=user)
    inside = Q(org_unit_id__in=scope.org_units) | Q(employee_id__in=scope.employees)
    return Finding.objects.filter(own | inside).distinct()


def visible_to_login(login: str) -> QuerySet[Finding]:
    """The findings that somebody sees; UserError where nobody has this login."""
    user = user_by_login(login)
    if user is None:
        raise UserError(Messages("salesloop.app").message("unknown_login", login=login))
    return visible_to(user)


def waiting_for(user: User) -> int:
    """How many findings wait for this person: nobody acts on them, and it is theirs or they may assign it."""
    found = visible_to(user).filter(state=State.OPEN)
    return (found if user.has_perm("findings.assign") else found.filter(owner=user)).count()


def assign(actor: User, finding: Finding, owner: User) -> None:
    """Give the finding an owner and tell them."""
    finding.owner = owner
    finding.save(update_fields=["owner"])
    log(actor, "finding.assigned", finding, {"owner": owner.login})
    if owner != actor:
        tell([owner], gettext_noop("请处理：%(finding)s"), finding)


def dismiss(actor: User, finding: Finding, reason: str, now: dt.datetime) -> None:
    """Close without an action; the reason stays visible."""
    finding.state, finding.reason, finding.closed_at = State.DISMISSED, reason, now
    finding.save(update_fields=["state", "reason", "closed_at"])
    log(actor, "finding.dismissed", finding, {"reason": reason})


def act_on(finding: Finding) -> None:
    """An action was taken up."""
    Finding.objects.filter(pk=finding.pk).update(state=State.ACTING, closed_at=None)


def close(finding: Finding, reason: str, now: dt.datetime) -> None:
    """The effect was measured and the matter has improved."""
    finding.state, finding.reason, finding.closed_at = State.CLOSED, reason, now
    finding.save(update_fields=["state", "reason", "closed_at"])
    log(None, "finding.closed", finding)


def reopen(finding: Finding, reason: str, actor: User | None = None) -> None:
    """The action did not help, the trouble came back, or somebody thinks again."""
    finding.state, finding.reason, finding.closed_at = State.OPEN, reason, None
    finding.reopened += 1
    finding.save(update_fields=["state", "reason", "closed_at", "reopened"])
    log(actor, "finding.reopened", finding, {"reason": reason})


def sentence_of(finding: Finding) -> str:
    """The finding in one sentence, in the language of this request."""
    return finding.sentence(current_lang())


def members_of(finding: Finding) -> tuple[Member, ...]:
    """The slice as the engine knows it."""
    return tuple(Member(**member) for member in finding.members)


def tell(people: Iterable[User], text: str, finding: Finding) -> None:
    """A notice that leads to the finding, with its sentence in each reader's language."""
    for person in people:
        notify(
            [person],
            text,
            reverse("findings:detail", args=[finding.pk]),
            finding=finding.sentence(lang_of(person.language)),
        )


def _add(draft: FindingDraft, snapshot: int, now: dt.datetime) -> Finding:
    finding = Finding(fingerprint=draft.fingerprint, raised_at=now, seen_at=now)
    _fill(finding, draft, snapshot)
    finding.save()
    tell(people_responsible_for(finding.org_unit_id, finding.employee_id), gettext_noop("新发现：%(finding)s"), finding)
    return finding


def _update(finding: Finding, draft: FindingDraft, snapshot: int, now: dt.datetime) -> None:
    _fill(finding, draft, snapshot)
    finding.seen_at, finding.still_raised = now, True
    finding.times += 1
    finding.save()


def _fill(finding: Finding, draft: FindingDraft, snapshot: int) -> None:
    finding.rule, finding.kind, finding.severity = draft.rule, draft.kind, draft.severity
    finding.metric = draft.metric or ""
    finding.members = [_member(member) for member in draft.members]
    finding.org_unit_id = _owner(draft, "org_unit")
    finding.employee_id = _owner(draft, "employee")
    finding.start, finding.end = draft.start, draft.end
    finding.observed, finding.expected, finding.score = draft.observed, draft.expected, draft.score
    finding.message = draft.message.to_json()
    finding.causes = [
        {
            "members": [_member(m) for m in cause.members],
            "share": cause.share,
            "observed": cause.observed,
            "expected": cause.expected,
        }
        for cause in draft.causes
    ]
    finding.suggestions = [suggestion.to_json() for suggestion in draft.suggestions]
    finding.evidence = draft.evidence.to_query()
    finding.snapshot = snapshot


def _member(member: Member) -> dict[str, str | None]:
    return {"dimension": member.dimension, "id": member.id, "name": member.name}


def _owner(draft: FindingDraft, dimension: str) -> str:
    return next((m.id or "" for m in draft.members if m.dimension.split(":", maxsplit=1)[0] == dimension), "")
