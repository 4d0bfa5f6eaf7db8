"""Everything that arrives: judged, written to the log, acknowledged, and handed to the exams that run."""
