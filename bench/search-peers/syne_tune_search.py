"""Syne Tune: MOASHA (Schmucker et al. 2021), asynchronous successive halving with several objectives, on evopatch's rungs."""

from datetime import datetime

import numpy as np
from service import BudgetSpent, open_service
from syne_tune.backend.trial_status import Trial
from syne_tune.config_space import uniform
from syne_tune.optimizer.schedulers.multiobjective.moasha import MOASHA

FACTOR = 3

service, options = open_service()
np.random.seed(options.seed)  # the scheduler samples from it
space = {f"gene{index}": uniform(0, 1) for index in range(service.genes)}
scheduler = MOASHA(
    config_space=space,
    metrics=service.objectives,
    time_attr="time",
    max_t=FACTOR ** (service.rungs - 1),  # its rungs are the powers of the factor, so that each is one of ours
    reduction_factor=FACTOR,
    random_seed=options.seed,
)


def start():
    trial = Trial(trial_id=len(trials), config=scheduler.suggest().config, creation_time=datetime.now())
    trials.append(trial)
    scheduler.on_trial_add(trial)
    train(trial, 0)


def train(trial, rung):
    running[service.ask([trial.config[name] for name in space], rung)] = (trial, rung)


trials, running = [], {}
try:
    for _ in range(service.workers):
        start()
    while True:
        key, objectives = service.answer()
        trial, rung = running.pop(key)
        result = dict(zip(service.objectives, objectives or [1.0] * len(service.objectives)))
        decision = scheduler.on_trial_result(trial, {**result, "time": FACTOR**rung})
        if decision == "CONTINUE":
            train(trial, rung + 1)
        else:
            start()
except BudgetSpent:
    pass
