"""Training steps of the reference patch network in PyTorch, one thread: prints samples/s as one JSON line.

The network and the batch are those of src/network/reference-network.ts. Settings: float32 or bfloat16 autocast, with the
channels last in memory where that is asked for; oneDNN is on in all of them.
"""

import argparse
import json
import time

import torch
from torch import nn


def branch():
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.ReLU(),
        nn.Conv2d(16, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(),
    )


class PatchNetwork(nn.Module):
    def __init__(self):
        super().__init__()
        self.branches = nn.ModuleList(branch() for _ in range(4))
        self.head = nn.Sequential(nn.Linear(2048, 64), nn.ReLU(), nn.Linear(64, 7))

    def forward(self, patches):
        return self.head(torch.cat([run(patch) for run, patch in zip(self.branches, patches)], 1))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--bfloat16", action="store_true")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--seconds", type=float, default=5)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    layout = torch.channels_last if options.channels_last else torch.contiguous_format
    network = PatchNetwork().to(memory_format=layout)
    optimizer = torch.optim.AdamW(network.parameters(), 3e-3, weight_decay=1e-3)
    loss_of = nn.CrossEntropyLoss()
    patches = [torch.randn(64, 1, 16, 16).to(memory_format=layout) for _ in range(4)]
    labels = torch.randint(0, 7, (64,))

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
            loss = loss_of(network(patches), labels)
        loss.backward()
        optimizer.step()

    for _ in range(10):
        step()
    steps, start = 0, time.perf_counter()
    while time.perf_counter() - start < options.seconds:
        step()
        steps += 1
    samples_per_second = 64 * steps / (time.perf_counter() - start)
    print(json.dumps({"version": torch.__version__, "samplesPerSecond": samples_per_second}))


if __name__ == "__main__":
    main()
