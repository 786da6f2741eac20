"""What the peers in Python share: the arguments, the noise that they read, the clock, the line that they print."""

import argparse
import json
import time

import numpy as np

WARM_UP_SECONDS = 1.5


def parse_arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--network", required=True, help="a network spec, JSON")
    parser.add_argument("--task", choices=["train", "infer"], required=True)
    parser.add_argument("--batch", type=int, required=True)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--settings", default="", help="comma-separated words that the peer knows")
    options = parser.parse_args()
    options.network = json.load(open(options.network))
    options.settings = set(filter(None, options.settings.split(",")))
    return options


def noise(spec, batch):
    """Faces [batch][side][side], normalised, and their labels."""
    random = np.random.default_rng(0)
    side = spec["frameSize"]
    faces = random.standard_normal((batch, side, side), dtype=np.float32)
    return faces, random.integers(0, spec["classes"], batch)


def report(step, options, version):
    """Times `step` and prints the samples that it handles in a second."""
    run_for(step, WARM_UP_SECONDS)
    steps, seconds = run_for(step, options.seconds)
    speed = options.batch * steps / seconds
    print(json.dumps({"version": version, "samplesPerSecond": speed}))


def run_for(step, seconds):
    steps, start = 0, time.perf_counter()
    while True:
        step()
        steps += 1
        passed = time.perf_counter() - start
        if passed >= seconds:
            return steps, passed


def same_padding(length, kernel, stride):
    """Zeros before and after, as TensorFlow places them: the odd one after."""
    needed = max((-(-length // stride) - 1) * stride + kernel - length, 0)
    return needed // 2, needed - needed // 2
