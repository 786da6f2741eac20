"""ONNX Runtime, prediction only, on the file that evopatch exported. Setting: frames, read as bytes with all of the network inside."""

import numpy as np
import onnxruntime
from measure import parse_arguments, report


def main():
    options = parse_arguments()
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    settings.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(options.network["onnx"], settings, ["CPUExecutionProvider"])
    side = options.network["frameSize"]
    faces = np.random.default_rng(0).integers(0, 256, (options.batch, 1, side, side)).astype(np.float32)
    name = session.get_inputs()[0].name
    report(lambda: session.run(None, {name: faces}), options, f"ONNX Runtime {onnxruntime.__version__}")


main()
