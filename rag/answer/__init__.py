"""From a question and its Hits to a cited Answer, or an abstention."""
