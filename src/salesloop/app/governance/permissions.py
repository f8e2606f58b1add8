"""Everybody may suggest and discuss; analysts and administrators decide about definitions and put them in force."""

import rules

from salesloop.app.accounts.services import Role, role_is

rules.add_perm("definitions.decide", role_is(Role.ANALYST, Role.ADMIN))
