#!/usr/bin/env python3
"""A second implementation of docs/draw-protocol.md, with the standard library only.

    python3 verify_draw.py FILE               checks the public file of a draw, prints the result as JSON; exit code 1: it does not hold
    python3 verify_draw.py FILE --places      prints the id at each place instead, one a line
    python3 verify_draw.py --vectors FILE     checks docs/draw-vectors.json

It does not verify the signature of the beacon's round (BLS12-381): compare it with what drand quicknet published.
"""
import hashlib
import hmac
import json
import re
import sys
from datetime import datetime, timedelta

QUICKNET = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def tag(label):
    return b"flash-sale/draw/v1/" + label.encode() + b"\0"


# Ed25519, RFC 8032 5.1.7, with canonical encodings. Points are (x, y).

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    a_, b_ = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    c, d = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = b_ - a_, d - c, d + c, b_ + a_
    return e * f % P, g * h % P, f * g % P, e * h % P


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point = add(point, point)
        scalar >>= 1
    return result


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def decompress(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    if y >= P:
        return None
    xx = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if x * x % P != xx:
        x = x * ROOT_OF_MINUS_1 % P
    if x * x % P != xx or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = decompress((4 * pow(5, -1, P) % P).to_bytes(32, "little"))


def is_signed(key, message, signature):
    if len(signature) != 64:
        return False
    a, r = decompress(key), decompress(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L or same(multiply(8, a), (0, 1, 1, 0)):
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    k = int.from_bytes(digest, "little") % L
    return same(multiply(8 * s, BASE), add(multiply(8, r), multiply(8 * k, a)))


# The protocol.


def entry_id(draw_id, buyer, salt):
    name = buyer.encode()
    return sha256(tag("entry"), draw_id, len(name).to_bytes(4, "big"), name, salt)


def is_ticket(key, draw_id, entry, signature):
    return is_signed(key, tag("ticket") + draw_id + entry, signature)


def is_statement(key, draw_id, count, root, seed, signature):
    return is_signed(key, tag("root") + draw_id + count.to_bytes(8, "big") + root + seed, signature)


def tree_root(ids):
    """RFC 9162, 2.1.1, level by level: a node without a sibling goes up as it is."""
    if not ids:
        return sha256()
    level = [sha256(b"\0", id) for id in ids]
    while len(level) > 1:
        pairs = [sha256(b"\1", level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2 :]
    return level[0]


def order_key(draw_id, seed, root, randomness):
    return sha256(tag("order"), draw_id, seed, root, randomness or bytes(32))


def places(ids, key):
    return sorted(ids, key=lambda id: (hmac.digest(key, id, "sha256"), id))


# The public file.

NUMBER = "(?:0|[1-9][0-9]{0,15})"
DIGEST = "[0-9a-f]{64}"
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z"
# The bytes of rules can be written in this one way only.
RULES = re.compile(
    f'{{"sid":{NUMBER},"attempt":{NUMBER},"count":{NUMBER},"entriesOpenAt":"{TIME}","entriesCloseAt":"{TIME}",'
    f'"beacon":(?:null|{{"chain":"{DIGEST}","round":{NUMBER}}}),"key":"{DIGEST}","seedHash":"{DIGEST}"}}'
)
EPOCH = datetime(1970, 1, 1)
STATED_BEFORE_MS = 600_000


def read_number(text):
    if not re.fullmatch(NUMBER, text) or int(text) >= 2**53:
        raise ValueError(f"{text!r} is no number")
    return int(text)


def read_hex(text, size):
    if not re.fullmatch(f"[0-9a-f]{{{2 * size}}}", text):
        raise ValueError(f"expected {2 * size} characters of 0-9 and a-f")
    return bytes.fromhex(text)


def read_time(text):
    """Milliseconds since 1970."""
    return (datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ") - EPOCH) // timedelta(milliseconds=1)


def read_rules(text):
    if not RULES.fullmatch(text):
        raise ValueError("the rules are not written as the protocol says")
    rules = json.loads(text)
    numbers = [rules["sid"], rules["attempt"], rules["count"]] + ([rules["beacon"]["round"]] if rules["beacon"] else [])
    if any(not 0 < number < 2**53 for number in numbers):
        raise ValueError("the rules have a wrong number")
    rules["opensAtMs"], rules["closesAtMs"] = read_time(rules["entriesOpenAt"]), read_time(rules["entriesCloseAt"])
    return rules


def read_beacon(text):
    """The round and its signature; None: the rules name no beacon, or the round is not known yet."""
    if text in ("none", "pending"):
        return None
    number, signature = text.split(" ")
    return read_number(number), read_hex(signature, 48)


def parse(text):
    """Reads the lines in their sequence. Raises ValueError for any other file."""
    lines = text.split("\n")
    if lines.pop() != "" or lines[-1:] != ["end"]:
        raise ValueError("the last line must be end")
    ids_at = lines.index("ids")
    left_at = lines.index("left", ids_at)
    head = iter(lines[:ids_at])

    def field(name, line=None):
        found, _, value = (next(head, "") if line is None else line).partition(" ")
        if found != name or not value:
            raise ValueError(f"expected {name} and a space")
        return value

    if next(head, "") != "flash-sale/draw/v1/file":
        raise ValueError("this is no draw file")
    file = {"rulesText": field("rules"), "earlier": []}
    file["rules"] = read_rules(file["rulesText"])
    line = next(head, "")
    while line.startswith(("void ", "ended ")):
        kind = line.split(" ", 1)[0]
        file["earlier"].append((kind, read_rules(field(kind, line))))
        line = next(head, "")
    file["entries"] = read_number(field("entries", line))
    file["root"], file["seed"] = read_hex(field("root"), 32), read_hex(field("seed"), 32)
    file["statement"] = read_hex(field("statement"), 64)
    file["beaconText"] = field("beacon")
    file["beacon"] = read_beacon(file["beaconText"])
    if next(head, None) is not None:
        raise ValueError("expected the line ids")
    file["ids"] = [read_hex(line, 32) for line in lines[ids_at + 1 : left_at]]
    file["left"] = [read_hex(line, 32) for line in lines[left_at + 1 : -1]]
    return file


def is_beacon(file):
    named, beacon = file["rules"]["beacon"], file["beacon"]
    if not named:
        return file["beaconText"] == "none"
    # Milliseconds since 1970 at which the round becomes known.
    known_at_ms = 1000 * (1692803367 + 3 * (named["round"] - 1))
    is_later = known_at_ms >= file["rules"]["closesAtMs"] + STATED_BEFORE_MS
    return named["chain"] == QUICKNET and is_later and beacon is not None and beacon[0] == named["round"]


def are_attempts(file):
    rules, before = file["rules"], [other for _, other in file["earlier"]]
    same_shop = all(other["sid"] == rules["sid"] and other["key"] == rules["key"] for other in before)
    return same_shop and [other["attempt"] for other in before] == list(range(1, rules["attempt"]))


def verify(text):
    file = parse(text)
    rules, ids, left, root, seed = (file[name] for name in ("rules", "ids", "left", "root", "seed"))
    draw_id = sha256(file["rulesText"].encode())
    key, count = bytes.fromhex(rules["key"]), file["entries"]
    randomness = sha256(file["beacon"][1]) if file["beacon"] else None
    checks = {
        "rules": rules["opensAtMs"] < rules["closesAtMs"],
        "seed": sha256(tag("seed"), seed).hex() == rules["seedHash"],
        "statement": is_statement(key, draw_id, count, root, seed, file["statement"]),
        "entries": len(ids) == count and all(a < b for a, b in zip(ids, ids[1:])) and tree_root(ids) == root,
        "left": all(a < b for a, b in zip(left, left[1:])) and set(left) <= set(ids),
        "beacon": is_beacon(file),
        "attempts": are_attempts(file),
    }
    ok = all(checks.values())
    warnings = {}
    if not rules["beacon"]:
        warnings["beacon"] = "none: the shop could have chosen the outcome"
    kinds = {kind for kind, _ in file["earlier"]}
    if kinds:
        about = {
            "void": "void attempts: ask the shop why no statement came in time",
            "ended": "lines before that have ended: if the shop published no statement of one, it was void",
        }
        warnings["attempts"] = "; ".join(about[kind] for kind in about if kind in kinds)
    return {
        "ok": ok,
        "checks": checks,
        "warnings": warnings,
        "drawId": draw_id.hex(),
        "root": tree_root(ids).hex(),
        "places": [id.hex() for id in places(ids, order_key(draw_id, seed, root, randomness))] if ok else [],
    }


def check_vector(vector):
    """The names of the values that differ."""
    draw_id, key = bytes.fromhex(vector["drawId"]), bytes.fromhex(vector["publicKey"])
    seed, root = bytes.fromhex(vector["seed"]), bytes.fromhex(vector["root"])
    randomness = bytes.fromhex(vector["randomness"]) if vector["randomness"] else None
    entries = vector["entries"]
    ids = [entry_id(draw_id, entry["buyer"], bytes.fromhex(entry["salt"])) for entry in entries]
    verified = verify(vector["file"])
    found = {
        "drawId": sha256(vector["rules"].encode()).hex() == vector["drawId"] == verified["drawId"],
        "seedHash": sha256(tag("seed"), seed).hex() == vector["seedHash"],
        "entryId": [id.hex() for id in ids] == [entry["entryId"] for entry in entries],
        "ticket": all(is_ticket(key, draw_id, id, bytes.fromhex(entry["ticket"])) for id, entry in zip(ids, entries)),
        "root": tree_root(ids).hex() == vector["root"] == verified["root"],
        "statement": is_statement(key, draw_id, len(ids), root, seed, bytes.fromhex(vector["statement"])),
        "orderKey": order_key(draw_id, seed, root, randomness).hex() == vector["orderKey"],
        "places": verified["places"] == vector["places"],
        "file": verified["ok"],
    }
    return [name for name, holds in found.items() if not holds]


def main(arguments):
    if arguments[:1] == ["--vectors"] and len(arguments) == 2:
        with open(arguments[1], encoding="utf-8") as file:
            vectors = json.load(file)
        result = {name: check_vector(vector) for name, vector in vectors.items()}
        print(json.dumps(result))
        return 0 if vectors and not any(result.values()) else 1
    if not arguments or arguments[1:] not in ([], ["--places"]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(arguments[0], encoding="utf-8", newline="") as file:
            result = verify(file.read())
    except ValueError as error:
        result = {"ok": False, "checks": {"file": False}, "error": str(error), "places": []}
    print("\n".join(result["places"]) if arguments[1:] else json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
