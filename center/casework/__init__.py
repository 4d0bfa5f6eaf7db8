"""The one window: cases and their steps, clocks, the queue, fees, documents and state registers."""
