"""Gateways: bytes from hardware in, messages out."""
