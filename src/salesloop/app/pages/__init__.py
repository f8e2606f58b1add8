"""A page that shows numbers: whose, of which days, against what, from which snapshot. All of it is in the address."""
