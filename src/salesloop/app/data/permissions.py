"""Who may see what was delivered, and who may change it.

Rows in quarantine belong to nobody yet, so only people who see everything see them.
"""

import rules

from salesloop.app.accounts.services import Role, role_is

works_with_data = role_is(Role.ANALYST, Role.STEWARD, Role.ADMIN)

rules.add_perm("data.see", role_is(Role.MANAGER, Role.EXECUTIVE, Role.ANALYST, Role.STEWARD, Role.ADMIN))
rules.add_perm("data.quarantine", role_is(Role.EXECUTIVE, Role.ANALYST, Role.STEWARD, Role.ADMIN))
rules.add_perm("data.import", works_with_data)
rules.add_perm("data.correct", works_with_data)
rules.add_perm("data.snapshots", works_with_data)
rules.add_perm("data.duplicates", works_with_data)
rules.add_perm("data.merge", role_is(Role.STEWARD, Role.ADMIN))
