"""Vérification d'un dossier de preuve Quadrige. Python 3 seul suffit : « python3 verify.py » dans le dossier décompressé.

1. Chaque fichier a l'empreinte SHA-256 écrite dans manifest.json.
2. Le journal (journal.json) est complet, dans l'ordre, et chaque ligne a l'empreinte
   SHA-256(empreinte précédente ‖ JSON canonique de la ligne) ; la dernière est celle du manifeste.
3. Chaque fichier cité par le journal est celui du manifeste.
4. Chaque sceau (seals.json) contient bien une ligne de ce journal, et sa racine de Merkle est juste.
   Le jeton d'horodatage RFC 3161 se vérifie avec « openssl ts -verify » (voir seal-*.tsr, écrits ici).
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import sys
from collections.abc import Iterator
from typing import Any

HERE = pathlib.Path(__file__).resolve().parent
OUTSIDE_HASH = ("previous_hash", "hash")


def canonical(line: dict[str, Any]) -> bytes:
    """The bytes that an entry's hash covers."""
    data = {key: value for key, value in line.items() if key not in OUTSIDE_HASH}
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def check_files(manifest: dict[str, Any]) -> Iterator[str]:
    """Compare every file with the manifest."""
    for line in manifest["files"]:
        if not line["included"]:
            continue
        path = HERE / line["path"]
        if not path.is_file():
            yield f"{line['path']} : fichier absent"
        elif hashlib.sha256(path.read_bytes()).hexdigest() != line["sha256"]:
            yield f"{line['path']} : contenu modifié"


def check_journal(manifest: dict[str, Any], journal: list[dict[str, Any]]) -> Iterator[str]:
    """Walk the chain from its beginning to the head that the manifest announces."""
    previous, expected = "0" * 64, 1
    for line in journal:
        if line["seq"] != expected:
            yield f"journal, ligne {expected} : absente ou déplacée"
            return
        found = hashlib.sha256(previous.encode() + canonical(line)).hexdigest()
        if line["previous_hash"] != previous or line["hash"] != found:
            yield f"journal, ligne {expected} : contenu modifié"
            return
        previous, expected = line["hash"], expected + 1
    if manifest["head"] != {"seq": expected - 1, "hash": previous}:
        yield f"journal, ligne {expected} : la fin manque"
    known = {line["sha256"] for line in manifest["files"]}
    for line in journal:
        for file in line["files"]:
            if file["sha256"] not in known:
                yield f"journal, ligne {line['seq']} : le fichier {file['name']} n'est pas dans le dossier de preuve"


def merkle(heads: list[list[Any]]) -> str:
    """The Merkle root over sorted (case, sequence, hash)."""
    level = [hashlib.sha256(f"{c}:{s}:{h}".encode()).digest() for c, s, h in sorted(map(tuple, heads))]
    while len(level) > 1:
        if len(level) % 2:
            level.append(level[-1])
        level = [hashlib.sha256(a + b).digest() for a, b in zip(level[::2], level[1::2])]
    return level[0].hex()


def check_seals(
    manifest: dict[str, Any], journal: list[dict[str, Any]], seals: list[dict[str, Any]]
) -> Iterator[str]:
    """Each seal must contain an entry of this journal."""
    hashes = {line["seq"]: line["hash"] for line in journal}
    for number, seal in enumerate(seals, 1):
        if merkle(seal["heads"]) != seal["root"]:
            yield f"sceau {number} : racine fausse"
        for case, seq, head in seal["heads"]:
            if case == manifest["case"] and hashes.get(seq) != head:
                yield f"sceau {number} : la ligne {seq} n'est pas celle qui fut scellée"
        if seal.get("token"):
            (HERE / f"seal-{number}.tsr").write_bytes(bytes.fromhex(seal["token"]))
            (HERE / f"seal-{number}.txt").write_text(seal["root"])


def main() -> int:
    """Run every check; the exit status is 0 when nothing is wrong."""
    manifest, journal, seals = (
        json.loads((HERE / name).read_text(encoding="utf-8"))
        for name in ("manifest.json", "journal.json", "seals.json")
    )
    faults = [
        *check_files(manifest),
        *check_journal(manifest, journal),
        *check_seals(manifest, journal, seals),
    ]
    for fault in faults:
        print("FAUX —", fault)
    if faults:
        return 1
    print(
        f"Conforme : {manifest['reference']}, {len(journal)} lignes de journal, "
        f"{len(manifest['files'])} fichiers, {len(seals)} sceaux."
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
