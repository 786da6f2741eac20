"""What the searches in Python share: `evopatch fitness --jsonl` as a function, and a budget of training samples."""

import argparse
import atexit
import json
import subprocess


class BudgetSpent(Exception):
    """The trainings have seen as many samples as this search may use."""


class Service:
    """Trains genomes. Prints a line for each answer; raises BudgetSpent when the samples are used up."""

    def __init__(self, command, budget):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.terminate)
        self.budget, self.samples, self.count = budget, 0, 0
        description = json.loads(self.process.stdout.readline())
        self.genes = len(description["genes"])
        self.objectives = description["objectives"]
        self.reference = description["reference"]
        self.rungs = len(description["rungs"])
        self.workers = description["workers"]

    def ask(self, genes, rung=None):
        """Sends genes to be trained; `answer` gives what came of it."""
        if self.samples >= self.budget:
            raise BudgetSpent
        question = {"id": self.count, "genes": [min(1.0, max(0.0, float(gene))) for gene in genes]}
        if rung is not None:
            question["rung"] = rung
        print(json.dumps(question), file=self.process.stdin, flush=True)
        self.count += 1
        return question["id"]

    def answer(self):
        """Waits for the next answer: its id, and the objectives as shares of the reference point, or None if it failed."""
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            return answer["id"], None
        self.samples += answer["samples"]
        line = {key: answer[key] for key in ("rung", "objectives")} | {"samples": self.samples}
        print(json.dumps(line), flush=True)
        return answer["id"], [answer["objectives"][name] / self.reference[name] for name in self.objectives]

    def evaluate(self, many, rung=None):
        """Trains several genomes side by side; objectives in the order of the genomes, the worst where a training failed."""
        ids = {self.ask(genes, rung): index for index, genes in enumerate(many)}
        results = [[1.0] * len(self.objectives)] * len(many)
        for _ in many:
            key, objectives = self.answer()
            if objectives is not None:
                results[ids[key]] = objectives
        return results


def open_service():
    """Reads the arguments --seed N --samples N -- COMMAND, and starts the command."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--method", default="")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--samples", type=float, required=True)
    parser.add_argument("command", nargs="+")
    options = parser.parse_args()
    return Service(options.command, options.samples), options
