"""Prints the class probabilities of face frames as JSON, by a model that `evopatch export` wrote.

    python predict_onnx.py MODEL.onnx FRAMES

FRAMES holds one or more grey frames, a byte for each pixel, as `dataset.frames` does; needs numpy and onnxruntime.
"""

import json
import sys

import numpy as np
import onnxruntime


def main(model: str, file: str) -> None:
    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    metadata = session.get_modelmeta().custom_metadata_map
    classes = json.loads(metadata["classes"])
    size = json.loads(metadata["frame"])["size"]
    frames = np.fromfile(file, dtype=np.uint8).reshape(-1, 1, size, size)
    (probabilities,) = session.run(["probabilities"], {"frames": frames})
    for row in probabilities:
        print(json.dumps(dict(zip(classes, row.tolist()))))


if __name__ == "__main__":
    main(*sys.argv[1:])
