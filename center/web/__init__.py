"""What every page shares: layout, style, languages, formats, error pages."""
