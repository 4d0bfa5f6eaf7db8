"""Papers that somebody brings: what is asked for, what a scan may be, where it is kept and how it is shown."""
