"""The pure core: readings, site and rules in; score sheet out."""
