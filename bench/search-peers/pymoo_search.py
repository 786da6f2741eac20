"""pymoo: NSGA-II with its own operators for real numbers."""

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.problem import Problem
from service import BudgetSpent, open_service

service, options = open_service()
problem = Problem(n_var=service.genes, n_obj=len(service.objectives), xl=0.0, xu=1.0)
algorithm = NSGA2(pop_size=16)
algorithm.setup(problem, termination=("n_gen", 10**6), seed=options.seed, verbose=False)
try:
    while True:
        population = algorithm.ask()
        population.set("F", np.array(service.evaluate(population.get("X"))))
        algorithm.tell(infills=population)
except BudgetSpent:
    pass
