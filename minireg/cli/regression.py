"""Numbers to predict, in any unit: the network learns them with mean 0 and spread 1."""

from ..nn.standardize import StandardizedMSE, Unstandardize

__all__ = ["StandardizedMSE", "Unstandardize"]
