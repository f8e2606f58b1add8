"""Who rates, who asks colleagues, and who says what is rated; whom, `sight` says."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("team.see_others", role_is(Role.MANAGER, Role.EXECUTIVE, Role.ANALYST, Role.ADMIN))
rules.add_perm("team.lead", role_is(Role.MANAGER, Role.EXECUTIVE))
rules.add_perm("team.set_competencies", role_is(Role.ADMIN))
