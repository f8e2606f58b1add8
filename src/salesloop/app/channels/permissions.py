"""Who looks at channels, notes what was heard of a partner, and moves effort. Which rows count is a matter of scope."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("channels.see", ~role_is(Role.REP))
rules.add_perm("channels.note", role_is(Role.MANAGER, Role.EXECUTIVE, Role.ANALYST, Role.ADMIN))
rules.add_perm("channels.shift", role_is(Role.MANAGER, Role.EXECUTIVE, Role.ANALYST, Role.ADMIN))
