"""The faults that hold on the whole route, one module each."""
