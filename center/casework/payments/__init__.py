"""Payments through a gateway: each fee once, whatever fails on the way."""
