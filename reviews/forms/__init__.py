"""Forms of the reviews, by subject."""
