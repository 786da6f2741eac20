"""JAX, compiled by XLA on two processors. Settings: sequential, one network after the other, each compiled; vmap, all of them as one,
which needs equal shapes: only the places of the patches may differ."""

import os
import time

import numpy as np
from population import LEARNING_RATE, WEIGHT_DECAY, batches, parse_arguments, read_faces, report

options = parse_arguments()
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])

import jax  # noqa: E402  (after the choice of processors)
import jax.numpy as jnp  # noqa: E402
import optax  # noqa: E402
from jax_network import apply, initial_parameters  # noqa: E402

optimizer = optax.adamw(LEARNING_RATE, weight_decay=WEIGHT_DECAY)


def functions_of(spec):
    """The training step and the prediction of a network. The corners of its patches are an argument."""

    def loss_of(parameters, corners, faces, labels):
        logits = apply(spec, parameters, faces, True, corners=corners)
        return optax.softmax_cross_entropy_with_integer_labels(logits, labels).mean()

    def update(parameters, moments, corners, faces, labels):
        loss, gradients = jax.value_and_grad(loss_of)(parameters, corners, faces, labels)
        updates, moments = optimizer.update(gradients, moments, parameters)
        return optax.apply_updates(parameters, updates), moments, loss

    def predict(parameters, corners, faces):
        return jax.nn.softmax(apply(spec, parameters, faces, False, corners=corners))

    return update, predict


def corners_of(spec):
    return np.array([[layer["x"], layer["y"]] for layer in spec["layers"] if layer["kind"] == "crop"])


def train(update, predict, parameters, moments, corners, data):
    """Trains one network, or many at once; returns the loss of the last epoch of each."""
    faces, labels, training = data
    for epoch in range(options.epochs):
        losses = []
        for rows in batches(training, options.batch, epoch):
            parameters, moments, loss = update(parameters, moments, corners, faces[rows], labels[rows])
            losses.append(loss)
    last = options.faces - (options.faces - training) % options.batch  # another size would be compiled anew
    for first in range(training, last, options.batch):
        jax.block_until_ready(predict(parameters, corners, faces[first : first + options.batch]))
    return np.mean(jax.device_get(losses), 0)


def sequential(data):
    losses, compiled = [], {}
    for number, spec in enumerate(options.networks):
        shape = str([{**layer, "x": 0, "y": 0} for layer in spec["layers"]])  # equal shapes are compiled once
        if shape not in compiled:
            compiled[shape] = [jax.jit(function) for function in functions_of(spec)]
        parameters = initial_parameters(spec, options.batch, number)
        losses.append(train(*compiled[shape], parameters, optimizer.init(parameters), corners_of(spec), data))
    return losses


def vmapped(data):
    first = options.networks[0]
    update, predict = functions_of(first)
    together = jax.jit(jax.vmap(update, (0, 0, 0, None, None))), jax.jit(jax.vmap(predict, (0, 0, None)))
    own = [initial_parameters(first, options.batch, number) for number in range(len(options.networks))]
    parameters = jax.tree.map(lambda *arrays: jnp.stack(arrays), *own)
    corners = np.stack([corners_of(spec) for spec in options.networks])
    return train(*together, parameters, jax.vmap(optimizer.init)(parameters), corners, data)


data = read_faces(options)
jax.block_until_ready(jnp.zeros(1) + 1)  # start-up
begin = time.perf_counter()
losses = (vmapped if "vmap" in options.settings else sequential)(data)
report(f"JAX {jax.__version__}", time.perf_counter() - begin, losses)
