"""The car's path as the estimator hands it on: one point for each pose, with its covariance."""

from __future__ import annotations

import msgspec


class PathPoint(msgspec.Struct, gc=False):
    """Where the car was at one instant, and how surely.

    ``east_m``/``north_m`` is the middle of the rear axle on the ground, in the site's local frame. ``forward`` and
    ``left`` are the body's x and y axes projected onto the horizontal, so on a grade they are shorter than 1: a body
    point (x, y) stands at ``east_m + x·forward_east + y·left_east``, and likewise north. Covariances are in m², m·rad
    and rad²; the heading is mathematical here (anticlockwise from east), as ``forward`` is.

    Nobody changes a point. It is a struct, and not frozen, because twice a pose one is made.
    """

    time_ns: int
    east_m: float
    north_m: float
    forward_east: float
    forward_north: float
    left_east: float
    left_north: float
    speed_mps: float
    speed_sigma_mps: float
    var_east_m2: float
    cov_east_north_m2: float
    var_north_m2: float
    cov_east_heading_mrad: float
    cov_north_heading_mrad: float
    var_heading_rad2: float
    exam_grade: bool
    """Whether the receiver was fixed, with fresh corrections and a heading; else the point can support no fault."""
