"""The unrolled filter and smoother agree with textbook matrices: Kalman filter and Rauch–Tung–Striebel smoother."""

from __future__ import annotations

import random

import numpy as np
import numpy.typing as npt
import pytest

from center.driving_track.scoring.estimation.kalman import (
    EAST,
    HEADING,
    NORTH,
    NOTHING,
    Motion,
    Packed,
    measured,
    moved,
    packed,
)
from center.driving_track.scoring.estimation.smoother import Epoch, covariance_between, smooth

Matrix = npt.NDArray[np.float64]


def transition(m: Motion) -> Matrix:
    f = np.eye(9)
    f[0, 2], f[0, 6], f[1, 2], f[1, 6] = -m.north_m, m.east_m, m.east_m, m.north_m
    f[2, 6], f[2, 7], f[2, 8] = m.turn_by_scale, m.turn_by_offset, m.turn_by_ratio
    f[3, 3] = f[4, 4] = f[5, 5] = m.decay
    return f


def observation(state: int, lever: float) -> Matrix:
    h = np.zeros((1, 9))
    h[0, HEADING] = lever
    h[0, state] = h[0, state + 3] = 1.0
    return h


def matrix(packed: Packed) -> Matrix:
    found = np.zeros((9, 9))
    found[np.triu_indices(9)] = packed
    return found + np.triu(found, 1).T


class Textbook:
    """The same steps with matrices: filter forwards, then one gain and inverse for each epoch backwards."""

    def __init__(self, steps: int, seed: int) -> None:
        draw = random.Random(seed).gauss
        self.prior = np.diag([1e-4, 1e-4, 1e-4, 1.6e-5, 1.6e-5, 2e-6, 1e-4, 5e-5, 9e-4])
        added = (1e-6, 3e-7, 1e-8, 2e-6, 2e-8, 1e-7, 1e-7, 1e-8, 1e-10, 1e-10)
        self.noise = np.diag([1e-6, 2e-6, 1e-7, 1e-7, 1e-7, 1e-8, 1e-10, 1e-10, 0.0])
        self.noise[:3, :3] = [[1e-6, 3e-7, 1e-8], [3e-7, 2e-6, 2e-8], [1e-8, 2e-8, 1e-7]]
        self.epochs: list[Epoch] = []
        self.predicted: list[tuple[Matrix, Matrix]] = []
        self.filtered: list[tuple[Matrix, Matrix]] = []
        x, p = np.zeros(9), self.prior
        rows = packed(p.tolist())
        for at in range(steps):
            still = at % 5 == 4
            motion = Motion(
                *((0.0,) * 5 if still else (draw(0, 1), draw(0, 1), draw(0, 0.2), draw(0, 1), draw(0, 0.2))),
                0.99,
                still,
            )
            f = transition(motion)
            x, p = f @ x, f @ p @ f.T + self.noise
            self.predicted.append((x, p))
            rows = moved(rows, motion, added)
            scalars, correction = [], NOTHING
            before = x
            for state, lever, variance in ((EAST, 1.3, 1e-5), (NORTH, -0.4, 2e-5), (HEADING, 0.0, 1e-6)):
                value = draw(0, 0.01)
                h = observation(state, lever)
                s = float((h @ p @ h.T)[0, 0]) + variance
                k = p @ h.T / s
                x, p = x + k[:, 0] * (value - float((h @ x)[0])), p - k @ h @ p
                residual = value - float((h @ before)[0])
                rows, scalar, correction = measured(rows, state, lever, residual, variance, correction)
                scalars.append(scalar)
            self.filtered.append((x, p))
            step = (correction[0], correction[1], correction[2])
            self.epochs.append(Epoch(at, motion, tuple(scalars), rows, step, at == 0, (0.0, 0.0, 0.0)))

    def smoothed(self) -> tuple[list[Matrix], list[Matrix], list[Matrix]]:
        """States, covariances and gains."""
        x, p = self.filtered[-1]
        states, covariances = [x], [p]
        gains: list[Matrix] = []
        for at in range(len(self.epochs) - 2, -1, -1):
            x_f, p_f = self.filtered[at]
            x_p, p_p = self.predicted[at + 1]
            gain = p_f @ transition(self.epochs[at + 1].motion).T @ np.linalg.inv(p_p)
            states.insert(0, x_f + gain @ (states[0] - x_p))
            covariances.insert(0, p_f + gain @ (covariances[0] - p_p) @ gain.T)
            gains.insert(0, gain)
        return states, covariances, gains


@pytest.fixture(scope="module")
def textbook() -> Textbook:
    return Textbook(30, 7)


def test_the_filter_agrees_with_matrices(textbook: Textbook) -> None:
    for epoch, (_, covariance), (x, _), (x_p, _) in zip(
        textbook.epochs, textbook.filtered, textbook.filtered, textbook.predicted, strict=True
    ):
        np.testing.assert_allclose(matrix(epoch.covariance), covariance, rtol=1e-8, atol=1e-14)
        np.testing.assert_allclose(epoch.step, (x - x_p)[:3], rtol=1e-7, atol=1e-12)


def test_the_smoother_agrees_with_rauch_tung_and_striebel(textbook: Textbook) -> None:
    states, covariances, _ = textbook.smoothed()
    for at, one in enumerate(smooth(textbook.epochs, 0, len(textbook.epochs))):
        np.testing.assert_allclose(one.after, (states[at] - textbook.filtered[at][0])[:3], rtol=1e-5, atol=1e-10)
        np.testing.assert_allclose(one.before, (states[at] - textbook.predicted[at][0])[:3], rtol=1e-5, atol=1e-10)
        p = covariances[at]
        np.testing.assert_allclose(
            one.covariance, (p[0, 0], p[0, 1], p[1, 1], p[0, 2], p[1, 2], p[2, 2]), rtol=1e-5, atol=1e-12
        )


def test_two_smoothed_epochs_hang_together_as_matrices_say(textbook: Textbook) -> None:
    _, covariances, gains = textbook.smoothed()
    weights = (0.6, 0.8, 0.3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    chain = np.eye(9)
    for at in range(5, 20):
        chain = chain @ gains[at]
    expected = chain @ covariances[20] @ np.array(weights)
    found = covariance_between(textbook.epochs, 5, 20, weights)
    assert found is not None
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-12)


def test_a_path_that_starts_anew_hangs_together_with_nothing_before() -> None:
    textbook = Textbook(12, 3)
    textbook.epochs[6].starts_anew = True
    assert covariance_between(textbook.epochs, 2, 9, (1.0, *NOTHING[1:])) is None
    for one, epoch in zip(smooth(textbook.epochs, 5, 6), textbook.epochs[5:6], strict=True):
        assert one.after == pytest.approx((0.0, 0.0, 0.0))
        assert one.covariance[0] == pytest.approx(epoch.covariance[0])
