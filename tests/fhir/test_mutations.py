"""Faults planted at random into what dmcalc itself exports: nearly every one is found."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest

from dmcalc.fhir.resource.json_text import parse

from ..chance import SEED, share
from .conftest import codes, order
from .exports import commands, exported
from .planted import FAULTS

#: Mutations that are tried, and the share of them that must be found.
TRIED, LEAST = share(20_000, 10), 0.995


@pytest.fixture(scope="module")
def orders(call):
    """Orders as they are exported, in R4 and R5, of whole tapers and of single strengths.

    With each goes whether it is one of several that make the doses together.
    """
    texts = set()
    for version in ("R4", "R5"):
        for command in commands():
            args = (*exported(command), "-f", "fhir", "--fhir-version", version, "--quiet")
            for more in ((), ("--per-product",)):
                done = call(*args, *more)
                assert done.code in (0, 2), done.stderr
                if done.code == 0:
                    found = json.loads(done.stdout)
                    entries = found.get("entry", [{"resource": found}])
                    texts |= {(json.dumps(e["resource"]), len(entries) > 1) for e in entries}
    return sorted(texts)


def test_there_is_an_operator_for_each_fault_and_each_is_used(orders):
    assert len(FAULTS) >= 28
    assert len(orders) >= 200
    chance = random.Random(SEED)
    for operator in FAULTS:
        assert any(operator(json.loads(text), chance) for text, _ in orders), operator.__name__


def test_random_faults_are_found(verify, orders):
    print(f"To try these faults again: FUZZ_SEED={SEED}")
    chance = random.Random(SEED)
    before = [codes(verify(parse(text), partial=partial)) for text, partial in orders]
    found, missed = Counter(), Counter()
    examples = {}
    operators = list(FAULTS)
    for tried in range(TRIED):
        operator = operators[tried % len(operators)]
        while True:
            number = chance.randrange(len(orders))
            text, partial = orders[number]
            resource = json.loads(text)
            if operator(resource, chance):
                break
        text = json.dumps(resource)
        new = codes(verify(parse(text), partial=partial)) - before[number]
        if new & set(FAULTS[operator]):
            found[operator.__name__] += 1
        else:
            missed[operator.__name__] += 1
            examples[operator.__name__] = (sorted(new), text)
    share_found = found.total() / TRIED
    print(f"{found.total()} of {TRIED} faults found ({share_found:.2%}); missed: {dict(missed)}")
    for name, (new, text) in list(examples.items())[:3]:
        print(name, new, text[:3000])
    assert share_found >= LEAST


@pytest.mark.parametrize("key", ["status", "dosageInstruction", "subject", "intent"])
def test_a_key_that_stands_twice_is_found(verify, key):
    resource = order()
    text = json.dumps(resource)
    twice = f"{text[:-1]}, {json.dumps(key)}: {json.dumps(resource[key])}}}"
    assert "duplicate-key" in codes(verify(parse(twice)))
