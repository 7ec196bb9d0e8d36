"""The eval suite: how well Kutip finds, answers, cites and refuses."""
