"""The staff's pages: desk, case, work list, board, hall, closing of the day."""
