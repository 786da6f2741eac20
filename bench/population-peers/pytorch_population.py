"""PyTorch: two processes of one thread, which take the networks one after the other. Setting: channels-last."""

import multiprocessing
import time

from population import LEARNING_RATE, WEIGHT_DECAY, batches, parse_arguments, read_faces, report

PROCESSES = 2


def start(options, ready):
    """Prepares a process: its libraries and its faces."""
    global torch, state
    import torch

    torch.set_num_threads(1)
    layout = torch.channels_last if "channels-last" in options.settings else torch.contiguous_format
    faces, labels, training = read_faces(options)
    faces = torch.from_numpy(faces).unsqueeze(1).contiguous(memory_format=layout)
    state = options, layout, faces, torch.from_numpy(labels), training
    ready.release()


def evaluate(number):
    """Trains a network and predicts the other faces; returns the loss of the last epoch."""
    from pytorch_peer import Network
    from torch.nn import functional as F

    options, layout, faces, labels, training = state
    torch.manual_seed(number)
    network = Network(options.networks[number]).to(memory_format=layout)
    for name, parameter in network.named_parameters():  # as evopatch and the program of JAX start (He et al. 2015)
        if parameter.dim() > 1:
            torch.nn.init.kaiming_normal_(parameter)
        elif name.endswith("bias"):
            torch.nn.init.zeros_(parameter)
    optimizer = torch.optim.AdamW(network.parameters(), LEARNING_RATE, weight_decay=WEIGHT_DECAY)
    for epoch in range(options.epochs):
        losses = []
        for rows in batches(training, options.batch, epoch):
            rows = torch.from_numpy(rows)
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(network(faces[rows]), labels[rows])
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    network.eval()
    with torch.inference_mode():
        for first in range(training, options.faces, options.batch):
            F.softmax(network(faces[first : first + options.batch]), 1)
    return sum(losses) / len(losses)


def version():
    return f"PyTorch {torch.__version__}"


def main():
    options = parse_arguments()
    context = multiprocessing.get_context("spawn")
    ready = context.Semaphore(0)
    with context.Pool(PROCESSES, start, (options, ready)) as pool:
        for _ in range(PROCESSES):
            ready.acquire()
        begin = time.perf_counter()
        losses = pool.map(evaluate, range(len(options.networks)), chunksize=1)
        seconds = time.perf_counter() - begin
        report(pool.apply(version), seconds, losses)


if __name__ == "__main__":
    main()
