"""Prints the arrays of a model file of evopatch as JSON: the name, the shape and the mean of each.

    python read_weights.py MODEL.safetensors

`read_model` needs numpy alone; `safetensors.numpy.load_file` reads the same arrays. docs/model-file.md describes the fields.
"""

import json
import sys

import numpy as np


def read_model(file: str) -> tuple[dict, dict[str, np.ndarray]]:
    """Returns the fields of a model, such as classes, frame and network, and its arrays by name."""
    with open(file, "rb") as stream:
        length = int.from_bytes(stream.read(8), "little")
        header = json.loads(stream.read(length))
        data = stream.read()
    metadata = header.pop("__metadata__")
    if metadata.pop("version") != "1":
        raise ValueError(f"{file}: this program reads version 1")
    texts = {name: metadata.pop(name) for name in ("format", "sha256")}
    fields = texts | {name: json.loads(value) for name, value in metadata.items()}
    arrays = {}
    for name, entry in header.items():
        start, end = entry["data_offsets"]
        arrays[name] = np.frombuffer(data[start:end], dtype="<f4").reshape(entry["shape"])
    return fields, arrays


if __name__ == "__main__":
    fields, arrays = read_model(sys.argv[1])
    print(json.dumps({"format": fields["format"], "classes": fields["classes"]}))
    for name, array in arrays.items():
        print(json.dumps({"name": name, "shape": array.shape, "mean": float(array.mean(dtype=np.float64))}))
