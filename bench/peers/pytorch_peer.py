"""PyTorch. Settings: channels-last, bfloat16, compile."""

import torch
from torch import nn
from torch.nn import functional as F

from measure import noise, parse_arguments, report, same_padding


class Network(nn.Module):
    def __init__(self, spec):
        super().__init__()
        self.layers = spec["layers"]
        self.parts = nn.ModuleDict()
        shapes = {}
        for layer in self.layers:
            inputs = [shapes[name] for name in inputs_of(layer)]
            shapes[layer["name"]] = self.add(layer, inputs)

    def add(self, layer, inputs):
        """Makes the parameters of a layer; returns the shape of what it gives."""
        kind, key = layer["kind"], layer["name"].replace(".", "-")
        if kind == "crop":
            return 1, layer["height"], layer["width"]
        channels, height, width = inputs[0]
        if kind in ("conv2d", "depthwise-conv2d"):
            groups = channels if kind == "depthwise-conv2d" else 1
            filters = layer.get("filters", channels)
            pad = pads(layer, layer["kernel"], height, width)
            symmetric = pad[0] == pad[1] and pad[2] == pad[3]
            self.parts[key] = nn.Conv2d(
                channels, filters, tuple(layer["kernel"]), layer["stride"],
                padding=(pad[2], pad[0]) if symmetric else 0, groups=groups, bias=layer["bias"],
            )
            layer["pad"] = None if symmetric else pad
            return filters, *sides(layer, layer["kernel"], height, width)
        if kind == "dense":
            self.parts[key] = nn.Linear(channels, layer["units"], layer["bias"])
            return layer["units"], 1, 1
        if kind == "batch-normalization":
            self.parts[key] = nn.BatchNorm2d(channels) if height * width > 1 else nn.BatchNorm1d(channels)
        elif kind == "dropout":
            self.parts[key] = nn.Dropout(layer["rate"])
        elif kind in ("max-pool", "average-pool"):
            pad = pads(layer, layer["size"], height, width)
            layer["pad"] = pad if any(pad) else None
            return channels, *sides(layer, layer["size"], height, width)
        elif kind == "global-average-pool":
            return channels, 1, 1
        elif kind == "flatten":
            return channels * height * width, 1, 1
        elif kind == "concatenate":
            return sum(shape[0] for shape in inputs), height, width
        elif kind not in ("relu", "add"):
            raise ValueError(f"no {kind}")
        return channels, height, width

    def forward(self, faces):
        values = {}
        for layer in self.layers:
            values[layer["name"]] = self.run(layer, faces, [values[name] for name in inputs_of(layer)])
        return values[self.layers[-1]["name"]]

    def run(self, layer, faces, inputs):
        kind, key = layer["kind"], layer["name"].replace(".", "-")
        if kind == "crop":
            x, y = layer["x"], layer["y"]
            return faces[:, :, y : y + layer["height"], x : x + layer["width"]]
        x = inputs[0]
        if key in self.parts:
            return self.parts[key](F.pad(x, layer["pad"]) if layer.get("pad") else x)
        if kind == "relu":
            return F.relu(x)
        if kind == "max-pool":
            x = F.pad(x, layer["pad"], value=float("-inf")) if layer["pad"] else x
            return F.max_pool2d(x, tuple(layer["size"]), layer["stride"])
        if kind == "average-pool":
            return F.avg_pool2d(x, tuple(layer["size"]), layer["stride"])
        if kind == "global-average-pool":
            return x.mean((2, 3))
        if kind == "flatten":
            return x.flatten(1)
        if kind == "concatenate":
            return torch.cat(inputs, 1)
        return x + inputs[1]


def inputs_of(layer):
    return layer["inputs"] if "inputs" in layer else [layer["input"]] if "input" in layer else []


def pads(layer, window, height, width):
    if layer["padding"] == "valid":
        return 0, 0, 0, 0
    return *same_padding(width, window[1], layer["stride"]), *same_padding(height, window[0], layer["stride"])


def sides(layer, window, height, width):
    left, right, top, bottom = pads(layer, window, height, width)
    return (
        (height + top + bottom - window[0]) // layer["stride"] + 1,
        (width + left + right - window[1]) // layer["stride"] + 1,
    )


def main():
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    layout = torch.channels_last if "channels-last" in options.settings else torch.contiguous_format
    network = Network(options.network).to(memory_format=layout)
    run = torch.compile(network) if "compile" in options.settings else network
    precision = torch.autocast("cpu", torch.bfloat16, enabled="bfloat16" in options.settings)
    faces, labels = noise(options.network, options.batch)
    faces = torch.from_numpy(faces).unsqueeze(1).to(memory_format=layout)
    labels = torch.from_numpy(labels)
    optimizer = torch.optim.AdamW(network.parameters(), 1e-5, weight_decay=1e-3)

    def train():
        optimizer.zero_grad(set_to_none=True)
        with precision:
            loss = F.cross_entropy(run(faces), labels)
        loss.backward()
        optimizer.step()

    def infer():
        with torch.inference_mode(), precision:
            F.softmax(run(faces), 1)

    network.train(options.task == "train")
    report(train if options.task == "train" else infer, options, f"PyTorch {torch.__version__}")


if __name__ == "__main__":
    main()
