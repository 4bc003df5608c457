"""Trains the network of cells and writes it as ONNX.

python -m ocr.train.train --train train.npz --fit fit.npz --test test.npz --epochs 5 --out ocr/models/cells.onnx
"""

import argparse
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ocr.cells import LABELS

CONFUSED = [("0", "O"), ("1", "I"), ("2", "Z"), ("5", "S"), ("8", "B"), ("0", "Q"), ("0", "D")]


class Net(nn.Module):
    """Two channels of 32 x 32, uint8 in; logits of LABELS out. About 14 million multiplications."""

    def __init__(self) -> None:
        super().__init__()

        def block(inside: int, outside: int, size: int, stride: int = 1) -> nn.Sequential:
            return nn.Sequential(
                nn.Conv2d(inside, outside, size, stride, size // 2, bias=False),
                nn.BatchNorm2d(outside),
                nn.ReLU(inplace=True),
            )

        self.body = nn.Sequential(
            block(2, 24, 5, 2),
            block(24, 48, 3),
            nn.MaxPool2d(2),
            block(48, 96, 3),
            block(96, 96, 3),
            nn.MaxPool2d(2),
            block(96, 128, 3),
        )
        self.head = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(0.2),
            nn.Linear(128 * 16, 128),
            nn.ReLU(inplace=True),
            nn.Linear(128, len(LABELS)),
        )

    def forward(self, pictures: Tensor) -> Tensor:
        result: Tensor = self.head(self.body(pictures.float() * (1 / 255.0)))
        return result


def soft_labels() -> Tensor:
    """(37, 37) targets: one-hot but for twins (0 and O). Smoothed further, no digit would ever be sure."""
    smooth = torch.eye(len(LABELS))
    for a, b in CONFUSED:
        i, j = LABELS.index(a), LABELS.index(b)
        smooth[i, j] += 0.01
        smooth[j, i] += 0.01
    return smooth / smooth.sum(dim=1, keepdim=True)


def jitter(pictures: Tensor) -> Tensor:
    """Contrast, and small holes: what the generator does not vary enough."""
    gain = torch.empty(len(pictures), 1, 1, 1).uniform_(0.65, 1.2)
    out = pictures * gain
    if torch.rand(()) < 0.3:
        row, column = (int(torch.randint(0, 28, ())) for _ in range(2))
        out[:, :, row : row + 3, column : column + 3] *= 0.2
    return out.clamp(0, 255)


def report(net: nn.Module, path: Path, name: str) -> float:
    data = np.load(path)
    pictures, labels = torch.from_numpy(data["pictures"]), torch.from_numpy(data["labels"].astype(np.int64))
    net.eval()
    with torch.no_grad():
        logits = torch.cat([net(pictures[i : i + 2048]) for i in range(0, len(labels), 2048)])
    digit, letter, empty = labels < 10, (labels >= 10) & (labels < 36), labels == 36
    among_digits = logits[:, [*range(10), 36]].argmax(1)
    among_digits[among_digits == 10] = 36
    among_letters = logits[:, 10:].argmax(1) + 10
    right = (logits.argmax(1) == labels).float().mean()
    print(
        f"{name}: all {right:.4f}, digits among digits {(among_digits == labels)[digit].float().mean():.4f}, "
        f"capitals among capitals {(among_letters == labels)[letter].float().mean():.4f}, "
        f"empty {(logits.argmax(1) == labels)[empty].float().mean():.4f}"
    )
    return float((among_digits == labels)[digit].float().mean())


def train(args: argparse.Namespace) -> Net:
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    data = [np.load(path) for path in args.train]
    pictures = torch.from_numpy(np.concatenate([each["pictures"] for each in data]))
    labels = torch.from_numpy(np.concatenate([each["labels"] for each in data]).astype(np.int64))
    if args.limit:
        pictures, labels = pictures[: args.limit], labels[: args.limit]
    net = Net()
    if args.start:
        net.load_state_dict(torch.load(args.start, weights_only=True))
    net = net.to(memory_format=torch.channels_last)
    mean = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.9985), use_buffers=True)
    steps = args.epochs * (len(labels) // args.batch)
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=0.02)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.rate, total_steps=steps, pct_start=0.15)
    targets = soft_labels()
    started, step = time.process_time(), 0
    for epoch in range(args.epochs):
        net.train()
        order = torch.randperm(len(labels))
        total = 0.0
        for begin in range(0, len(labels) - args.batch + 1, args.batch):
            chosen = order[begin : begin + args.batch]
            batch = jitter(pictures[chosen].float()).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):  # nearly twice as fast, where the processor has it
                logits = net(batch)
            loss = functional.cross_entropy(logits.float(), targets[labels[chosen]])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            mean.update_parameters(net)
            if step < steps - 1:
                schedule.step()
            step += 1
            total += float(loss.detach())
        spent = time.process_time() - started
        print(f"epoch {epoch + 1}: loss {total / (len(labels) // args.batch):.4f}, {spent:.0f} CPU s")
        report(mean.module, args.fit, "fit")
        write(mean.module, args.out)
    final: Net = mean.module
    return final


def write(net: Net, path: Path) -> None:
    net.eval()
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        net,
        (torch.zeros(1, 2, 32, 32, dtype=torch.uint8),),
        str(path),
        input_names=["pictures"],
        output_names=["logits"],
        dynamic_axes={"pictures": {0: "n"}, "logits": {0: "n"}},
        opset_version=17,
        dynamo=False,
    )
    print(f"{path}: {path.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--fit", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--start", type=Path, help="weights to go on from")
    parser.add_argument("--limit", type=int, help="use so many cells only")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=256)
    parser.add_argument("--rate", type=float, default=4e-3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    net = train(args)
    report(net, args.test, "test")
    torch.save(net.state_dict(), args.out.with_suffix(".pt"))
    write(net, args.out)


if __name__ == "__main__":
    main()
