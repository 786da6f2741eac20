"""JAX, compiled by XLA. It takes its threads from the processors that the process may use. Setting: bfloat16."""

import os

from measure import noise, parse_arguments, report

options = parse_arguments()
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])

import jax  # noqa: E402  (after the choice of processors)
import jax.numpy as jnp  # noqa: E402
import optax  # noqa: E402
from jax_network import apply, initial_parameters  # noqa: E402

PRECISION = jnp.bfloat16 if "bfloat16" in options.settings else jnp.float32


def main():
    faces, labels = map(jnp.asarray, noise(options.network, options.batch))
    state = {"parameters": jax.tree.map(jnp.asarray, initial_parameters(options.network, options.batch))}
    optimizer = optax.adamw(1e-5, weight_decay=1e-3)
    state["optimizer"] = optimizer.init(state["parameters"])

    def logits(parameters, faces, training):
        return apply(options.network, parameters, faces, training, PRECISION)

    def loss_of(parameters):
        return optax.softmax_cross_entropy_with_integer_labels(logits(parameters, faces, True), labels).mean()

    @jax.jit
    def update(parameters, moments):
        updates, moments = optimizer.update(jax.grad(loss_of)(parameters), moments, parameters)
        return optax.apply_updates(parameters, updates), moments

    predict = jax.jit(lambda parameters, faces: jax.nn.softmax(logits(parameters, faces, False)))

    def train():
        state["parameters"], state["optimizer"] = update(state["parameters"], state["optimizer"])
        jax.block_until_ready(state["parameters"])

    def infer():
        jax.block_until_ready(predict(state["parameters"], faces))

    report(train if options.task == "train" else infer, options, f"JAX {jax.__version__}")


main()
