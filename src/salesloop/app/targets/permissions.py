"""Who may see, set, plan and approve targets; which rows, `rights` says."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("targets.edit", role_is(Role.MANAGER, Role.ANALYST, Role.ADMIN))
rules.add_perm("targets.plan", role_is(Role.ANALYST, Role.ADMIN))
rules.add_perm("targets.approve", role_is(Role.EXECUTIVE, Role.ADMIN))
rules.add_perm("targets.see_plans", ~role_is(Role.REP))
