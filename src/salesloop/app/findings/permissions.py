"""Who may act on findings they see; seeing is a matter of scope."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("findings.assign", role_is(Role.MANAGER, Role.EXECUTIVE, Role.ANALYST, Role.STEWARD, Role.ADMIN))
rules.add_perm("findings.dismiss", role_is(Role.MANAGER, Role.EXECUTIVE, Role.ANALYST, Role.STEWARD, Role.ADMIN))
rules.add_perm("findings.run", role_is(Role.ANALYST, Role.STEWARD, Role.ADMIN))
