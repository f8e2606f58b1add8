"""Who looks at models and their back-tests, which are about the whole company, and who trains them and says which counts."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("prediction.see", ~role_is(Role.REP, Role.MANAGER))
rules.add_perm("prediction.train", role_is(Role.ANALYST, Role.ADMIN))
