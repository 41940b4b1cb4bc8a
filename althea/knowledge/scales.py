"""Which scales does Althea know?  Only the scales, from a cache of their own, so that scoring starts fast.

`load()` in `load.py` gives the same records among all the others; reading those takes longer than scoring may.
"""

from __future__ import annotations

import hashlib
import os
import pickle
from pathlib import Path

from althea.knowledge.load import ROOT, NotKnowledge, _cache_folder, records_of
from althea.knowledge.schema.scale import Scale


def load_scales(root: Path = ROOT, *, cache: Path | None = None) -> dict[str, Scale]:
    """Every scale by id, in the order of the files. Raises NotKnowledge at the first record that cannot be read."""
    files = sorted((root / "scales").glob("*.toml"))
    kept = (cache or _cache_folder()) / f"scales-{_digest(files)}.pickle"
    try:
        scales: dict[str, Scale] = pickle.loads(kept.read_bytes())
        return scales
    except (OSError, pickle.PickleError, EOFError, AttributeError, ImportError, ValueError, LookupError, TypeError):
        pass
    scales = {}
    for path in files:
        for kind, place, record in records_of(path, root):
            if kind != "scale" or record.id in scales:
                raise NotKnowledge(f"{place}: a file of scales/ holds [[scale]] records, each with an id of its own.")
            scales[record.id] = record
    _keep(kept, scales)
    return scales


def named(scales: dict[str, Scale], name: str) -> Scale | None:
    """The scale of this name, whatever its case and punctuation."""
    wanted = _letters(name)
    for scale in scales.values():
        if wanted in map(_letters, (scale.id, scale.name, *scale.aliases)):
            return scale
    return None


def _letters(name: str) -> str:
    return "".join(sign for sign in name.lower() if sign.isalnum())


def _digest(files: list[Path]) -> str:
    """Of every scale and of the shapes and the reader they are held against."""
    shapes = [ROOT / "schema" / name for name in ("scale.py", "evidence.py")]
    seen = hashlib.sha256()
    for path in [*files, *shapes, ROOT / "load.py", Path(__file__)]:
        seen.update(path.name.encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def _keep(path: Path, scales: dict[str, Scale]) -> None:
    """Beside and then renamed, readable by its owner only. A folder that cannot be written costs only time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = path.with_suffix(f".{os.getpid()}")
        beside.touch(mode=0o600)
        beside.write_bytes(pickle.dumps(scales, protocol=5))
        beside.rename(path)
        for old in path.parent.glob("scales-*.pickle"):
            if old != path and old.stat().st_mtime < path.stat().st_mtime - 7 * 86400:
                old.unlink()
    except OSError:
        pass
