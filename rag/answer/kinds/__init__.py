"""Questions of other kinds than one fact: what was said, lists, a day's events, talk to Kutip."""
