"""Car against paint: outlines, lines, stop lines and bays, each measured with its standard uncertainty."""
