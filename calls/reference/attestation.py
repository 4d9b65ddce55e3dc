"""What an applicant attests on submitting (CRPA L113-13), and what each legal rule of the receipt says."""

from __future__ import annotations

ATTESTATIONS: tuple[str, ...] = (
    "J’ai qualité pour engager l’organisme demandeur, ou délégation pour le faire.",
    "Les informations et les pièces de ce dossier sont exactes et sincères.",
    "L’organisme est à jour de ses obligations fiscales et sociales.",
    "Les aides publiques reçues ou demandées pour ce projet, aides de minimis des trois dernières années "
    "comprises, sont déclarées dans ce dossier.",
    "Le projet n’a pas commencé.",
)
"""Statements of the attestation on honour, in the order in which they are read."""

ATTESTATION_TEXT = "J’atteste sur l’honneur que :\n" + "\n".join(f"– {line}" for line in ATTESTATIONS)
"""The whole text, kept with the receipt."""
