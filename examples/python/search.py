"""A search in Python over evopatch's genomes: random at first, then small changes of the best front so far.

    python search.py --data synthetic:2100 --seed first --fitness-epochs 3

passes its options to `evopatch fitness --jsonl`. Replace `propose` by the `ask` of an optimiser, and the end of the loop by
its `tell`: genes are numbers from 0 to 1, and every objective is to be made small.
"""
import json
import random
import subprocess
import sys

BUDGET = 40

program = ["npx", "evopatch", "fitness", "--jsonl", *sys.argv[1:]]
service = subprocess.Popen(program, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
description = json.loads(service.stdout.readline())
front = []


def propose():
    genes = [random.random() for _ in description["genes"]]
    if len(front) < 4:
        return genes
    parent = random.choice(front)["genes"]
    return [new if random.random() < 0.1 else old for new, old in zip(genes, parent)]


def dominates(one, other):
    pairs = [(one[name], other[name]) for name in description["objectives"]]
    return all(a <= b for a, b in pairs) and any(a < b for a, b in pairs)


asked = {}
for number in range(BUDGET + description["workers"]):
    if number < BUDGET:
        asked[number] = propose()
        print(json.dumps({"id": number, "genes": asked[number]}), file=service.stdin, flush=True)
    if number < description["workers"]:
        continue  # as many questions are open as there are threads
    answer = json.loads(service.stdout.readline())
    if "error" in answer:
        continue
    answer["genes"] = asked[answer["id"]]
    rivals = [one for one in front if one["hash"] == answer["hash"] or dominates(one["objectives"], answer["objectives"])]
    if not rivals:
        front = [one for one in front if not dominates(answer["objectives"], one["objectives"])] + [answer]
service.stdin.close()
for one in sorted(front, key=lambda one: one["objectives"]["loss"]):
    print(f"{one['accuracy']:.1%}", one["objectives"])
