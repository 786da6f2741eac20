"""Keras on TensorFlow, compiled by tf.function. Setting: xla."""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import tensorflow as tf  # noqa: E402
from measure import noise, parse_arguments, report  # noqa: E402


def build(spec):
    layers = tf.keras.layers
    faces = tf.keras.Input((spec["frameSize"], spec["frameSize"], 1))
    values = {}
    for layer in spec["layers"]:
        names = layer["inputs"] if "inputs" in layer else [layer["input"]] if "input" in layer else []
        inputs = [values[name] for name in names]
        values[layer["name"]] = add(layers, layer, faces, inputs, spec["frameSize"])
    return tf.keras.Model(faces, values[spec["layers"][-1]["name"]])


def add(layers, layer, faces, inputs, side):
    kind = layer["kind"]
    if kind == "crop":
        x, y, width, height = (layer[key] for key in ("x", "y", "width", "height"))
        return layers.Cropping2D(((y, side - y - height), (x, side - x - width)))(faces)
    x = inputs[0]
    window = {"strides": layer.get("stride"), "padding": layer.get("padding")}
    if kind == "conv2d":
        return layers.Conv2D(layer["filters"], layer["kernel"], use_bias=layer["bias"], **window)(x)
    if kind == "depthwise-conv2d":
        return layers.DepthwiseConv2D(layer["kernel"], use_bias=layer["bias"], **window)(x)
    if kind == "max-pool":
        return layers.MaxPooling2D(layer["size"], **window)(x)
    simple = {
        "dense": lambda: layers.Dense(layer["units"], use_bias=layer["bias"]),
        "batch-normalization": layers.BatchNormalization,
        "relu": layers.ReLU,
        "flatten": layers.Flatten,
        "global-average-pool": layers.GlobalAveragePooling2D,
        "dropout": lambda: layers.Dropout(layer["rate"]),
    }
    if kind in simple:
        return simple[kind]()(x)
    return {"concatenate": layers.Concatenate, "add": layers.Add}[kind]()(inputs)


def main():
    options = parse_arguments()
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    model = build(options.network)
    faces, labels = noise(options.network, options.batch)
    faces, labels = tf.constant(faces[..., None]), tf.constant(labels)
    optimizer = tf.keras.optimizers.AdamW(1e-5, weight_decay=1e-3)
    optimizer.build(model.trainable_variables)
    loss_of = tf.keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    xla = "xla" in options.settings

    @tf.function(jit_compile=xla)
    def train():
        with tf.GradientTape() as tape:
            loss = loss_of(labels, model(faces, training=True))
        variables = model.trainable_variables
        optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    @tf.function(jit_compile=xla)
    def infer():
        return tf.nn.softmax(model(faces, training=False))

    step = train if options.task == "train" else infer
    report(lambda: step().numpy(), options, f"TensorFlow {tf.__version__}")


main()
