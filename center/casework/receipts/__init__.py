"""The receipt for what was accepted, and the code on it under which the citizen follows the case."""
