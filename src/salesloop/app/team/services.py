"""What other parts may do with evaluations: the demo company fills its rounds through these."""

from salesloop.app.team.competencies import in_use
from salesloop.app.team.ratings import Given, rate
from salesloop.app.team.rounds import STATEMENTS, answer, close, open_round

__all__ = ["STATEMENTS", "Given", "answer", "close", "in_use", "open_round", "rate"]
