"""Receipts that somebody made, with hashes that are right: they are replayed or refused."""

from __future__ import annotations

import copy
import itertools
import json
import random
from decimal import Decimal

import pytest

from dmcalc import api
from dmcalc.audit.receipt_file import answer_hash, receipt_hash
from dmcalc.batch.repeat import verb_of
from dmcalc.documents.json import encode
from dmcalc.errors import DmcalcError
from tests.chance import SEED, share

FORGED = share(1_000, 25)
VALUES = [None, True, [[]], [1], {}, [{}], "x", Decimal("1.5"), {"a": 1}, ["\x1b[31m\u202e"]]
VALUES += ["٢", 10**30, [{"name": 1, "sha256": 2}]]
#: What a replay and its page read of a receipt.
PLACES = [
    ("table", "overlays"),
    ("table", "version"),
    ("answer", "guide"),
    ("answer", "rows"),
    ("answer", "rows", 0, "regimen"),
    ("answer", "rows", 0, "low"),
    ("answer", "patient"),
    ("request", "command"),
    ("request", "arguments"),
    ("request", "arguments", "weight"),
    ("request", "arguments", "drugs"),
    ("request", "arguments", "severity"),
    ("request", "arguments", "taking"),
    ("request", "arguments", "alternatives"),
    ("rules",),
    ("rules", 0, "sources"),
    ("rules", 0, "value"),
    ("local",),
    ("roundings",),
    ("created",),
    ("for",),
]


@pytest.fixture(scope="module")
def receipt(call, tmp_path_factory):
    folder = tmp_path_factory.mktemp("receipt")
    options = ("--severity", "severe", "--taking", "allopurinol", "--alternatives")
    asked = ("dose", "azathioprine", "-w", "70", *options, "--receipt", "r.json")
    assert call(*asked, cwd=folder).code == 0
    text = (folder / "r.json").read_text(encoding="utf-8")
    return json.loads(text, parse_float=Decimal, parse_int=Decimal)


@pytest.fixture
def replayed(call, receipt, tmp_path):
    """Replay a receipt in which some places are changed, in one form; return the exit code."""

    def replayed(changes, form):
        forged = copy.deepcopy(receipt)
        for place, value in changes:
            at = forged
            try:
                for key in place[:-1]:
                    at = at[key]
                at[place[-1]] = copy.deepcopy(value)
            except (KeyError, IndexError, TypeError):  # an earlier change took it away
                continue
        try:
            forged["answer_sha256"] = answer_hash(forged["answer"])
        except (AssertionError, KeyError, TypeError):  # nor does dmcalc make one
            forged["answer_sha256"] = "0" * 64
        forged["receipt_sha256"] = receipt_hash(forged)
        (tmp_path / "f.json").write_text(encode(forged), encoding="utf-8")
        done = call("replay", "f.json", "-f", form, cwd=tmp_path)
        assert done.code in (0, 5, 7), (changes, done.stderr)
        return done.code

    return replayed


def test_an_untouched_one_is_the_same(replayed):
    assert replayed([], "table") == 0


@pytest.mark.parametrize("place", PLACES, ids=str)
def test_any_value_at_any_place(replayed, place):
    codes = {replayed([(place, value)], "table") for value in VALUES}
    assert codes - {0}


def test_several_changes_at_random(replayed):
    chance = random.Random(SEED + 16)
    for _ in range(FORGED):
        places = chance.sample(PLACES, chance.randint(2, 4))
        forms = ["table", "json", "csv", "markdown"]
        replayed([(place, chance.choice(VALUES)) for place in places], chance.choice(forms))


@pytest.mark.parametrize(
    "command",
    ["dose", "taper", "titrate", "dispense", "infusion", "check", "plan", "monitor", "labs"],
)
def test_a_request_without_arguments(replayed, command):
    assert replayed([(("request",), {"command": command, "arguments": {}})], "table") in (5, 7)


def test_a_rule_in_other_words_is_listed_with_its_sources(replayed, receipt):
    """Rules of the guide cite works of its own, which are none of the table's."""
    for number, rule in enumerate(receipt["rules"]):
        changes = [(("rules", number, "value"), f"{rule['value']}; never both")]
        assert replayed(changes, "table") == 0, rule["figure"]


BATCH = (
    "batch in.csv --check --drug prednisone -o out.csv --rejects rejects.csv --allow-rejects "
    "--keep id --ignore-column note --columns verdict --stock 20mg,5mg --halves"
)
#: A request of each command that writes receipts, with options of each kind.
REQUESTS = [
    BATCH,
    "dose azathioprine -w 70 --severity severe --taking allopurinol --alternatives",
    "taper prednisone --from 60mg --start 2026-12-01",
    "titrate azathioprine -w 70 --start 2026-12-01",
    "dispense prednisone 51mg --stock 20mg,5mg --round down",
    "infusion ivig -w 70 --days 5 --pump-step 1 --at 09:00",
    "check prednisone 60mg/day -w 70 --dob 1980-02-03 --as-of 2026-12-01",
    "plan -w 70 --severity severe",
    "monitor methotrexate --start 2026-12-01",
    "labs azathioprine --wbc 3.5",
    "body -w 70 --height 170 --sex male",
]
DELETED = object()
SPOILT = [DELETED, None, True, False, Decimal(0), Decimal(-1), Decimal("1E+999")]
SPOILT += ["", "NaN", [], {}, "x" * 10_000, "1899-12-31", "2026-02-30"]


@pytest.fixture(scope="module")
def kept(call, tmp_path_factory):
    """Return the receipt of a request, and the folder that it lies in."""

    def kept(asked):
        folder = tmp_path_factory.mktemp("kept")
        (folder / "in.csv").write_text("id,weight,note,order\n1,70,,60 mg daily\n2,x,,1 mg\n")
        done = call(*asked.split(), "--receipt", "r.json", cwd=folder)
        assert done.code in (0, 5), done.stderr
        return folder, json.loads(
            (folder / "r.json").read_text(), parse_float=Decimal, parse_int=Decimal
        )

    return kept


def again(folder, forged):
    """Replay a forged receipt; return its exit code."""
    forged["receipt_sha256"] = receipt_hash(forged)
    file = folder / "f.json"
    file.write_text(encode(forged), encoding="utf-8")
    try:
        files = {"table": None, "overlays": (), "guide": None}
        return api.replay_with({"batch": verb_of([folder])}, str(file), **files).exit_code
    except DmcalcError as error:
        return error.exit_code


@pytest.mark.parametrize("asked", REQUESTS, ids=lambda asked: asked.split()[0])
def test_a_request_in_which_something_is_spoilt(kept, asked):
    folder, receipt = kept(asked)
    assert again(folder, receipt) == 0
    request = receipt["request"]
    places = [(part, key) for part in (request, request["arguments"]) for key in part]
    spoilt = list(itertools.product(places, SPOILT))
    for (part, key), value in random.Random(SEED + 17).sample(spoilt, share(len(spoilt), 20)):
        before = dict(part)
        if value is DELETED:
            del part[key]
        else:
            part[key] = value
        assert again(folder, receipt) in (0, 5, 7), (key, value)
        part.clear()
        part.update(before)


def test_a_batch_without_its_forms_or_its_day(kept):
    folder, receipt = kept(BATCH)
    arguments = receipt["request"]["arguments"]
    for key in ("input", "input-format", "format", "as-of"):
        value = arguments.pop(key)
        assert again(folder, receipt) == 7, key
        arguments[key] = value
    for day in ("", "NaN", "2026-02-30", "0001-01-01"):
        arguments["as-of"] = day
        assert again(folder, receipt) == 5, day
