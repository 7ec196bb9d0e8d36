"""From a query to ranked Hits."""
