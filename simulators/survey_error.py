"""What truly stands on the track and in the car, of which a survey knows only nearly."""

from __future__ import annotations

import random

import msgspec

from messages.site import Car, Element, LeverArm, Line, Point, Site
from simulators.noise_spec import NoiseSpec, Survey


def perturbed(site: Site, noise: NoiseSpec, seed: int) -> Site:
    """The site as it truly is in one exam, if its survey errs as the noise says.

    Each line and bay is shifted as a whole, each sensor by itself; of a car, front, rear, left and right side of the
    outline (and the tyres with them) move independently, so that no corner is more often outside than inside; the
    antenna's lever arm and the steering ratio differ from the nominal ones.
    """
    source = random.Random(f"{seed}:survey")
    survey = noise.survey
    lines = tuple(_line(line, survey.line_m, source) for line in site.lines)
    elements = tuple(_element(element, survey.element_m, source) for element in site.elements)
    exercises = tuple(
        msgspec.structs.replace(one, bay=_shifted(one.bay, survey.line_m, source)) if one.bay else one
        for one in site.route.exercises
    )
    cars = tuple(_car(car, survey, noise.car_bus.steering_ratio, source) for car in site.cars)
    route = msgspec.structs.replace(site.route, exercises=exercises)
    return msgspec.structs.replace(site, lines=lines, elements=elements, route=route, cars=cars)


def _shifted(points: tuple[Point, ...], sigma_m: float, source: random.Random) -> tuple[Point, ...]:
    east, north = source.gauss(0.0, sigma_m), source.gauss(0.0, sigma_m)
    return tuple((x + east, y + north) for x, y in points)


def _line(line: Line, sigma_m: float, source: random.Random) -> Line:
    return msgspec.structs.replace(line, points=_shifted(line.points, sigma_m, source))


def _element(element: Element, sigma_m: float, source: random.Random) -> Element:
    return msgspec.structs.replace(element, points=_shifted(element.points, sigma_m, source))


def _car(car: Car, survey: Survey, steering_ratio: float, source: random.Random) -> Car:
    front, rear, left, right = (source.gauss(0.0, survey.outline_m) for _ in range(4))
    foremost, hindmost = max(x for x, _ in car.outline), min(x for x, _ in car.outline)
    half = max(y for _, y in car.outline)

    def moved(point: Point) -> Point:
        ahead = (point[0] - hindmost) / (foremost - hindmost)
        leftward = (point[1] + half) / (2 * half)
        x = point[0] + front * ahead + rear * (1 - ahead)
        return x, point[1] + left * leftward + right * (1 - leftward)

    return msgspec.structs.replace(
        car,
        outline=tuple(moved(point) for point in car.outline),
        tyres=tuple((x, moved((x, y))[1]) for x, y in car.tyres),
        antenna=_lever_arm(car.antenna, survey.lever_arm_m, source),
        steering_ratio=car.steering_ratio * (1.0 + source.gauss(0.0, steering_ratio)),
    )


def _lever_arm(arm: LeverArm, sigma_m: float, source: random.Random) -> LeverArm:
    return msgspec.structs.replace(
        arm,
        forward_m=arm.forward_m + source.gauss(0.0, sigma_m),
        left_m=arm.left_m + source.gauss(0.0, sigma_m),
        up_m=arm.up_m + source.gauss(0.0, sigma_m),
    )
