"""What the peers in Python share: the arguments, the faces, the line that they print."""

import argparse
import json
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "peers"))  # whose networks they train

LEARNING_RATE, WEIGHT_DECAY = 1e-3, 1e-3


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--networks", required=True, help="a list of network specs, JSON")
    parser.add_argument("--data", required=True, help="grey levels [faces][side][side], then the labels, bytes")
    parser.add_argument("--faces", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--settings", default="")
    options = parser.parse_args()
    options.networks = json.load(open(options.networks))
    return options


def read_faces(options):
    """Faces of mean 0 and deviation 1, their labels, and how many of them train."""
    count, side = options.faces, options.networks[0]["frameSize"]
    content = np.fromfile(options.data, np.uint8)
    faces = content[: count * side * side].reshape(count, side, side).astype(np.float32)
    faces -= faces.mean((1, 2), keepdims=True)
    faces /= np.sqrt(np.maximum(np.square(faces).mean((1, 2), keepdims=True), 1))
    training = options.batch * int(0.8 * count / options.batch)
    return faces, content[count * side * side :].astype(np.int64), training


def batches(training, batch, epoch):
    """The rows of each step of an epoch."""
    return np.random.default_rng(epoch).permutation(training).reshape(-1, batch)


def report(version, seconds, losses):
    """Prints the result; `losses` are those of the last epoch."""
    print(json.dumps({"version": version, "seconds": seconds, "losses": [float(loss) for loss in losses]}))
