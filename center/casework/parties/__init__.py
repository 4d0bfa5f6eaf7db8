"""Who a case is about: persons and firms, who represents them and how far, and the two sides of a contract."""
