"""A dataset written for PyTorch becomes the same arrays."""

from __future__ import annotations

import numpy as np
import pytest

from minireg.data import from_sequence

torch = pytest.importorskip("torch")

pytestmark = pytest.mark.host


def test_a_tensor_dataset_keeps_values_and_dtypes():
    x, y = torch.arange(6.0).reshape(3, 2), torch.tensor([0, 1, 0])
    data = from_sequence(torch.utils.data.TensorDataset(x, y))
    assert np.array_equal(data.x, x.numpy())
    assert data.x.dtype == np.float32
    assert data.y.tolist() == [0, 1, 0]
