"""The words of a sentence that answer a question by themselves."""
