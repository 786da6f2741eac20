"""Optuna: its default for several objectives (TPE), or NSGA-II; random search as well. Methods: tpe, nsga2, random."""

import optuna
from service import BudgetSpent, open_service

service, options = open_service()
optuna.logging.set_verbosity(optuna.logging.ERROR)
sampler = {
    # constant_liar: for trials that run side by side
    "tpe": lambda: optuna.samplers.TPESampler(seed=options.seed, multivariate=True, constant_liar=True),
    "nsga2": lambda: optuna.samplers.NSGAIISampler(seed=options.seed, population_size=16),
    "random": lambda: optuna.samplers.RandomSampler(seed=options.seed),
}[options.method]()
study = optuna.create_study(directions=["minimize"] * len(service.objectives), sampler=sampler)


def ask():
    trial = study.ask()
    genes = [trial.suggest_float(f"gene{index}", 0, 1) for index in range(service.genes)]
    running[service.ask(genes)] = trial


running = {}
try:
    for _ in range(service.workers):
        ask()
    while True:
        key, objectives = service.answer()
        trial = running.pop(key)
        if objectives is None:
            study.tell(trial, state=optuna.trial.TrialState.FAIL)
        else:
            study.tell(trial, objectives)
        ask()
except BudgetSpent:
    pass
