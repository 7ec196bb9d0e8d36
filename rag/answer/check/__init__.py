"""A sentence of an answer and its evidence: which sentences back it, and what is wrong by them."""
