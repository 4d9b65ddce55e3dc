"""Forms of ``calls``: the draft's sections, the dossier's decisions, the preparation of calls and pacts."""
