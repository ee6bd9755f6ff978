"""Rewrite a backup with other content, complete and with the right hashes."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZipFile

Content = dict[str, list[dict[str, Any]]]


def rewritten(
    path: Path, change: Callable[[Content], None], **manifest: object
) -> Path:
    """Return a file with changed rows, by table, and a changed manifest.

    A column that no row has any more is left out, and a table without rows; a new one
    is boolean or text.
    """
    with ZipFile(path) as archive:
        described = json.loads(archive.read("manifest.json")) | manifest
        rows: Content = {}
        for table in described["tables"]:
            names = [column["name"] for column in table["columns"]]
            lines = archive.read(f"tables/{table['name']}.jsonl").splitlines()
            rows[table["name"]] = [
                dict(zip(names, json.loads(line), strict=True)) for line in lines
            ]
        names = (f"objects/{x['sha256']}" for x in described["objects"])
        objects = {name: archive.read(name) for name in names}
    change(rows)
    target = path.with_suffix(".rewritten")
    with ZipFile(target, "w") as archive:
        kept = [table for table in described["tables"] if rows.get(table["name"])]
        for table in kept:
            there = rows[table["name"]]
            known = [x for x in table["columns"] if x["name"] in there[0]]
            added = there[0].keys() - {x["name"] for x in known}
            table["columns"] = known + [
                {"name": x, "kind": "boolean" if there[0][x] is True else "text"}
                for x in added
            ]
            names = [column["name"] for column in table["columns"]]
            lines = [json.dumps([row[name] for name in names]) + "\n" for row in there]
            text = "".join(lines).encode()
            archive.writestr(f"tables/{table['name']}.jsonl", text)
            table["number_of_rows"] = len(lines)
            table["sha256"] = hashlib.sha256(text).hexdigest()
        for name, content in objects.items():
            archive.writestr(name, content)
        archive.writestr("manifest.json", json.dumps(described | {"tables": kept}))
    return target
