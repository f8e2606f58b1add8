"""Everybody sees the quality of their own records; the data stewards judge them, draw samples and sign."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("quality.judge", role_is(Role.STEWARD, Role.ADMIN))
rules.add_perm("quality.audits", role_is(Role.STEWARD, Role.ADMIN, Role.ANALYST, Role.EXECUTIVE))
