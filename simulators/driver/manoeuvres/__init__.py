"""One planner for each kind of exercise: what a driver does there, and how it goes wrong."""
