"""A language model: its server, what it is asked, and its words taken as sentences with marks."""
