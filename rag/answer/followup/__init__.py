"""A follow-up question made to stand alone, from the conversation before it."""
