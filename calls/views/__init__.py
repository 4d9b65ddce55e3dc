"""Pages of ``calls``: thin, one query or one verb each."""
