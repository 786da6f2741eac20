"""A network spec in JAX: the first parameters, and the logits of a batch."""

import jax
import jax.numpy as jnp
import numpy as np


def initial_parameters(spec, batch, seed=0):
    """Draws the parameters of all layers, and finds the channels that each gives, by running the shapes only."""
    random, parameters = np.random.default_rng(seed), {}

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
        faces = jax.ShapeDtypeStruct((batch, side, side), jnp.float32)
        own = parameters.get(name)
        shapes[name] = jax.eval_shape(lambda f, v: run_layer(layer, own, f, v, True), faces, values).shape
    return parameters


def inputs_of(layer):
    return layer["inputs"] if "inputs" in layer else [layer["input"]] if "input" in layer else []


def run_layer(layer, own, faces, inputs, training, precision=jnp.float32, corner=None):
    kind = layer["kind"]
    if kind == "crop":
        size = (faces.shape[0], layer["height"], layer["width"])
        x, y = (layer["x"], layer["y"]) if corner is None else corner
        return jax.lax.dynamic_slice(faces, (0, y, x), size)[..., None].astype(precision)
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


def apply(spec, parameters, faces, training, precision=jnp.float32, corners=None):
    """Computes the logits. `corners` are those of the crops, [crop][x, y], where they are not the spec's."""
    values, crops = {}, 0
    for layer in spec["layers"]:
        inputs = [values[name] for name in inputs_of(layer)]
        corner = None
        if layer["kind"] == "crop" and corners is not None:
            corner, crops = (corners[crops, 0], corners[crops, 1]), crops + 1
        own = parameters.get(layer["name"])
        values[layer["name"]] = run_layer(layer, own, faces, inputs, training, precision, corner)
    return values[spec["layers"][-1]["name"]].astype(jnp.float32)
