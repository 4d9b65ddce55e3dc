"""Pages of the reviews, by subject."""
