"""MixUp and CutMix: who is mixed with whom, how much, and the labels."""

import numpy as np
import pytest

from minireg.augment import Draw
from minireg.errors import ArgumentError


@pytest.mark.host
def test_the_draw_of_a_mixed_batch_stays_whole():
    draw = Draw("MixUp", 2, {"partner": [1, 0]})
    for cut in (draw, Draw("Compose", 2, parts=[draw])):
        with pytest.raises(ArgumentError, match="cannot be cut into parts"):
            cut[:1]
