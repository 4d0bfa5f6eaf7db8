"""Topics are put together and taken apart by one module."""

from __future__ import annotations

import pytest

from messages import topics


def test_a_topic_is_taken_apart_as_it_was_put_together():
    topic = topics.device_topic("sarytau", "car-1", "car-1-gnss", "satellite_pose")
    assert topic == "speccenter/v1/sarytau/car-1/car-1-gnss/satellite_pose"
    assert topics.parts_of(topic) == ("sarytau", "car-1", "car-1-gnss", "satellite_pose")


@pytest.mark.parametrize(
    "topic", ["", "speccenter/v1/a/b/c", "speccenter/v2/a/b/c/d", "speccenter/v1/a/b/c/d/e", "x/v1/a/b/c/d"]
)
def test_what_is_none_of_ours_has_no_parts(topic):
    assert topics.parts_of(topic) is None


def test_a_gateway_hears_its_own_acknowledgements_only():
    assert topics.acknowledgements_of("sarytau", "car-1") == "speccenter/v1/sarytau/car-1/+/ack"


def test_the_centres_orders_and_the_brokers_wills_have_topics_of_ours():
    assert topics.parts_of(topics.control_topic("c")) == ("c", "centre", "exam-control", "exam_control")
    assert topics.parts_of(topics.lost_link_topic("c", "g")) == ("c", "g", "gateway", "lost_link")
    assert topics.everything_of("c") == "speccenter/v1/c/#"


@pytest.mark.parametrize("topic", topics.TOPICS.values(), ids=list(topics.TOPICS))
def test_what_is_expected_often_is_silent_only_after_a_few_are_missing(topic):
    assert topic.qos == 1
    if topic.expected_hz and topic.silent_after_s:
        assert topic.silent_after_s >= 3 / topic.expected_hz
