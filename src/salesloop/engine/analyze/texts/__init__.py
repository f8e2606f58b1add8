"""What customers say: themes with feelings, words that come up, and the numbers of those who say it."""
