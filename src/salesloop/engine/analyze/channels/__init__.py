"""Channels compared: what a little more effort brings, who stands where among their peers, where nobody is."""

from salesloop.engine.analyze.channels.coverage import Cell, Coverage, cover
from salesloop.engine.analyze.channels.marginal import History, Marginal, marginal
from salesloop.engine.analyze.channels.peers import Standing, standing
from salesloop.engine.analyze.channels.shift import Shift, recommend

__all__ = ["Cell", "Coverage", "History", "Marginal", "Shift", "Standing", "cover", "marginal", "recommend", "standing"]
