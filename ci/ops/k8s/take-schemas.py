#!/usr/bin/env python3
"""Writes schemas.json, the definitions of the kinds in this folder, from an unpacked wheel of kubernetes-validate."""

import json
import pathlib
import sys

VERSION = "v1.34.0-local-strict"
KINDS = [
    "core.v1.ConfigMap",
    "core.v1.Namespace",
    "core.v1.Secret",
    "core.v1.Service",
    "apps.v1.Deployment",
    "batch.v1.CronJob",
    "batch.v1.Job",
    "policy.v1.PodDisruptionBudget",
    "autoscaling.v2.HorizontalPodAutoscaler",
    "networking.v1.NetworkPolicy",
]


def without_texts(value):
    if isinstance(value, dict):
        return {
            key: without_texts(part)
            for key, part in value.items()
            if not (key == "description" and isinstance(part, str)) and not key.startswith("x-kubernetes")
        }
    return [without_texts(part) for part in value] if isinstance(value, list) else value


def references(value):
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"].rsplit("/", 1)[-1]
        for part in value.values():
            yield from references(part)
    elif isinstance(value, list):
        for part in value:
            yield from references(part)


package = pathlib.Path(sys.argv[1]) / "kubernetes_validate" / "kubernetes-json-schema"
definitions = json.loads((package / VERSION / "_definitions.json").read_text())["$defs"]
taken = {}
wanted = [f"io.k8s.api.{kind}" for kind in KINDS]
while wanted:
    name = wanted.pop()
    if name not in taken:
        taken[name] = without_texts(definitions[name])
        wanted.extend(references(taken[name]))
lines = ",\n".join(f"{json.dumps(name)}:{json.dumps(taken[name], separators=(',', ':'), sort_keys=True)}" for name in sorted(taken))
(pathlib.Path(__file__).parent / "schemas.json").write_text('{"$defs":{\n' + lines + "\n}}\n")
