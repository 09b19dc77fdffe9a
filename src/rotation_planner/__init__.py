"""Plan the five-year rotation training of a whole body of officials."""
