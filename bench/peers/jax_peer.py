"""JAX, compiled by XLA. It takes its threads from the processors that the process may use. Setting: bfloat16."""

import os

import numpy as np
from measure import noise, parse_arguments, report

options = parse_arguments()
os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: options.threads])

import jax  # noqa: E402  (after the choice of processors)
import jax.numpy as jnp  # noqa: E402
import optax  # noqa: E402

PRECISION = jnp.bfloat16 if "bfloat16" in options.settings else jnp.float32


def initial_parameters(spec):
    """Draws the parameters of all layers, and finds the channels that each gives, by running the shapes only."""
    random, parameters = np.random.default_rng(0), {}

    def weights(name, shape, fan_in, bias):
        parameters[name] = {"w": random.normal(0, (2 / fan_in) ** 0.5, shape).astype(np.float32)}
        if bias:
            parameters[name]["b"] = np.zeros(shape[-1], np.float32)

    shapes = {}
    for layer in spec["layers"]:
        name, kind = layer["name"], layer["kind"]
        inputs = [shapes[key] for key in inputs_of(layer)]
        channels = inputs[0][-1] if inputs else 1
        if kind == "conv2d":
            weights(name, (*layer["kernel"], channels, layer["filters"]), channels * np.prod(layer["kernel"]), layer["bias"])
        elif kind == "depthwise-conv2d":
            weights(name, (*layer["kernel"], 1, channels), np.prod(layer["kernel"]), layer["bias"])
        elif kind == "dense":
            weights(name, (channels, layer["units"]), channels, layer["bias"])
        elif kind == "batch-normalization":
            parameters[name] = {"w": np.ones(channels, np.float32), "b": np.zeros(channels, np.float32)}
        values = [jax.ShapeDtypeStruct(shape, jnp.float32) for shape in inputs]
        side = spec["frameSize"]
        faces = jax.ShapeDtypeStruct((options.batch, side, side), jnp.float32)
        own = parameters.get(name)
        shapes[name] = jax.eval_shape(lambda f, v: run_layer(layer, own, f, v, True), faces, values).shape
    return parameters


def inputs_of(layer):
    return layer["inputs"] if "inputs" in layer else [layer["input"]] if "input" in layer else []


def run_layer(layer, own, faces, inputs, training):
    kind = layer["kind"]
    if kind == "crop":
        x, y = layer["x"], layer["y"]
        return faces[:, y : y + layer["height"], x : x + layer["width"], None].astype(PRECISION)
    x = inputs[0]
    if kind in ("conv2d", "depthwise-conv2d"):
        groups = x.shape[-1] if kind == "depthwise-conv2d" else 1
        stride = (layer["stride"], layer["stride"])
        x = jax.lax.conv_general_dilated(
            x, own["w"].astype(x.dtype), stride, layer["padding"].upper(),
            dimension_numbers=("NHWC", "HWIO", "NHWC"), feature_group_count=groups,
        )
        return x + own["b"].astype(x.dtype) if "b" in own else x
    if kind == "dense":
        x = x @ own["w"].astype(x.dtype)
        return x + own["b"].astype(x.dtype) if "b" in own else x
    if kind == "batch-normalization":
        axes = tuple(range(x.ndim - 1))
        # running statistics cost nothing worth timing; what they hold does not change the speed
        mean, variance = (x.mean(axes), x.var(axes)) if training else (0.0, 1.0)
        return ((x - mean) * jax.lax.rsqrt(variance + 1e-3) * own["w"] + own["b"]).astype(x.dtype)
    if kind == "relu":
        return jax.nn.relu(x)
    if kind == "max-pool":
        window, stride = (1, *layer["size"], 1), (1, layer["stride"], layer["stride"], 1)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, window, stride, layer["padding"].upper())
    if kind == "global-average-pool":
        return x.mean((1, 2))
    if kind == "flatten":
        return x.reshape(x.shape[0], -1)
    if kind == "concatenate":
        return jnp.concatenate(inputs, -1)
    if kind == "add":
        return x + inputs[1]
    if kind == "dropout":
        return x  # left out: a favour to this peer
    raise ValueError(f"no {kind}")


def apply(parameters, faces, training):
    values = {}
    for layer in options.network["layers"]:
        inputs = [values[name] for name in inputs_of(layer)]
        values[layer["name"]] = run_layer(layer, parameters.get(layer["name"]), faces, inputs, training)
    return values[options.network["layers"][-1]["name"]].astype(jnp.float32)


def main():
    faces, labels = map(jnp.asarray, noise(options.network, options.batch))
    state = {"parameters": jax.tree.map(jnp.asarray, initial_parameters(options.network))}
    optimizer = optax.adamw(1e-5, weight_decay=1e-3)
    state["optimizer"] = optimizer.init(state["parameters"])

    def loss_of(parameters):
        return optax.softmax_cross_entropy_with_integer_labels(apply(parameters, faces, True), labels).mean()

    @jax.jit
    def update(parameters, moments):
        updates, moments = optimizer.update(jax.grad(loss_of)(parameters), moments, parameters)
        return optax.apply_updates(parameters, updates), moments

    predict = jax.jit(lambda parameters, faces: jax.nn.softmax(apply(parameters, faces, False)))

    def train():
        state["parameters"], state["optimizer"] = update(state["parameters"], state["optimizer"])
        jax.block_until_ready(state["parameters"])

    def infer():
        jax.block_until_ready(predict(state["parameters"], faces))

    report(train if options.task == "train" else infer, options, f"JAX {jax.__version__}")


main()
