"""NePS: PriMO without priors, on evopatch's rungs: MOASHA until as many whole trainings as there are genes, then Bayesian
optimisation of one random weighting of the objectives.

One training at a time: PriMO does not tell its second phase what is being trained, and the budget counts samples, not seconds.
"""

import os

os.environ["OMP_NUM_THREADS"] = "1"  # its models are so small that further threads only wait for each other

import numpy as np  # noqa: E402  (after the choice of threads)
import torch  # noqa: E402
from neps.optimizers.algorithms import primo  # noqa: E402
from neps.optimizers.ask_and_tell import AskAndTell  # noqa: E402
from neps.space import HPOFloat, HPOInteger, SearchSpace  # noqa: E402
from service import BudgetSpent, open_service  # noqa: E402

FACTOR = 3
FIDELITY = "time"

service, options = open_service()
np.random.seed(options.seed)  # it samples from both
torch.manual_seed(options.seed)
genes = [f"gene{index}" for index in range(service.genes)]
# Its rungs are the powers of the factor, so that each is one of ours.
fidelities = {FACTOR**rung: rung for rung in range(service.rungs)}
space = SearchSpace(
    {
        **{name: HPOFloat(0, 1) for name in genes},
        FIDELITY: HPOInteger(1, max(fidelities), is_fidelity=True),
    }
)
optimizer = AskAndTell(primo(space, eta=FACTOR, prior_centers={}))
try:
    while True:
        trial = optimizer.ask()
        rung = fidelities[trial.config[FIDELITY]]
        [objectives] = service.evaluate([[trial.config[name] for name in genes]], rung)
        optimizer.tell(trial, objectives)
except BudgetSpent:
    pass
