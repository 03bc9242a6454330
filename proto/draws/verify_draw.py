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
import sys

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


def parse(text):
    lines = text.split("\n")
    if lines.pop() != "" or lines[0] != "flash-sale/draw/v1/file" or lines[-1] != "end":
        raise ValueError("this is no whole draw file")
    at = lines.index("ids")
    left_at = lines.index("left", at)
    head = [line.split(" ", 1) for line in lines[1:at]]
    fields = {name: value for name, value in head if name != "void"}
    ids = [bytes.fromhex(line) for line in lines[at + 1 : left_at]]
    left = [bytes.fromhex(line) for line in lines[left_at + 1 : -1]]
    if any(len(id) != 32 for id in ids + left):
        raise ValueError("an id has 32 bytes")
    return fields, [value for name, value in head if name == "void"], ids, left


def verify(text):
    fields, void, ids, left = parse(text)
    rules = json.loads(fields["rules"])
    draw_id = sha256(fields["rules"].encode())
    key, seed = bytes.fromhex(rules["key"]), bytes.fromhex(fields["seed"])
    root, count = bytes.fromhex(fields["root"]), int(fields["entries"])
    randomness, beacon_holds = None, rules["beacon"] is None and fields["beacon"] == "none"
    if rules["beacon"] and fields["beacon"] not in ("none", "pending"):
        number, signature = fields["beacon"].split(" ")
        randomness = sha256(bytes.fromhex(signature))
        beacon_holds = rules["beacon"] == {"chain": QUICKNET, "round": int(number)}
    checks = {
        "rules": json.dumps(rules, separators=(",", ":")) == fields["rules"],
        "seed": sha256(tag("seed"), seed).hex() == rules["seedHash"],
        "statement": is_statement(key, draw_id, count, root, seed, bytes.fromhex(fields["statement"])),
        "entries": len(ids) == count and all(a < b for a, b in zip(ids, ids[1:])) and tree_root(ids) == root,
        "left": all(a < b for a, b in zip(left, left[1:])) and set(left) <= set(ids),
        "beacon": beacon_holds,
        "attempts": [json.loads(other)["attempt"] for other in void] == list(range(1, rules["attempt"])),
    }
    return {
        "ok": all(checks.values()),
        "checks": checks,
        "drawId": draw_id.hex(),
        "root": tree_root(ids).hex(),
        "places": [id.hex() for id in places(ids, order_key(draw_id, seed, root, randomness))],
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
    with open(arguments[0], encoding="utf-8", newline="") as file:
        result = verify(file.read())
    print("\n".join(result["places"]) if arguments[1:] else json.dumps(result))
    return 0 if result["ok"] else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
