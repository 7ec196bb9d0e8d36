"""What every stage may use: sentences, words, stems, numbers, dates, names, language."""
