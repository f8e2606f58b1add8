"""Who may set targets; which rows, `rights` says."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("targets.edit", role_is(Role.MANAGER, Role.ANALYST, Role.ADMIN))
