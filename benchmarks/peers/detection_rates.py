#!/usr/bin/env python3
"""Objects found in photos: JPEG files to boxes, pictures a second; Enxerto beside torchvision, and YOLO11n in ONNX Runtime.

    python3 benchmarks/peers/detection_rates.py ENXERTO PICTURES --labelled CONFIG.yaml [--copies 8] [--rounds 3] [--yolo yolo11n.onnx]

The network is torchvision's ssdlite320_mobilenet_v3_large for one class. Its random weights are saved as torchvision saves them; Enxerto
learns its head from CONFIG.yaml (of class `person`) for an epoch, and predicts with what it saved, in the precision that it chose and in
fp32; torchvision runs the network as made (its own decode_jpeg, its own transform, batches of 8, eager, no gradients; and exported by
torch.compile if --compiled is given). Both find boxes from a probability of 0.05 on. YOLO11n (its ONNX file at 320 px, made by
Ultralytics, random weights) is read by OpenCV, padded, run in ONNX Runtime and suppressed by OpenCV: rates only, another network.
Whole processes; the rate is that of the pictures alone: a process that reads a few is subtracted. Threads: two each.
"""
import argparse
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
FEW = 16


def torchvision_network():
    import torch
    from torchvision.models import detection

    torch.manual_seed(5)
    net = detection.ssdlite320_mobilenet_v3_large(weights=None, weights_backbone=None, num_classes=2, score_thresh=0.05)
    return net.eval()


def run_torchvision(options):
    import torch
    from torchvision.io import ImageReadMode, decode_jpeg, read_file

    torch.set_num_threads(options.threads)
    net = torchvision_network()
    if options.compiled:
        net.backbone, net.head = torch.compile(net.backbone, dynamic=False), torch.compile(net.head, dynamic=False)
    found = 0
    with torch.inference_mode():
        for i in range(0, len(options.files), options.batch):
            images = [decode_jpeg(read_file(f), ImageReadMode.RGB).float() / 255 for f in options.files[i : i + options.batch]]
            found += sum(len(one["boxes"]) for one in net(images))
    print(found)


def run_yolo(options):
    import cv2
    import numpy as np
    import onnxruntime

    cv2.setNumThreads(options.threads)
    settings = onnxruntime.SessionOptions()
    settings.intra_op_num_threads = options.threads
    session = onnxruntime.InferenceSession(options.yolo, settings, providers=["CPUExecutionProvider"])
    name, found = session.get_inputs()[0].name, 0
    for file in options.files:
        image = cv2.imread(file)
        ratio = 320 / max(image.shape[:2])
        small = cv2.resize(image, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_LINEAR)
        padded = np.full((320, 320, 3), 114, np.uint8)
        top, left = (320 - small.shape[0]) // 2, (320 - small.shape[1]) // 2
        padded[top : top + small.shape[0], left : left + small.shape[1]] = small[: 320 - top, : 320 - left]
        pixels = np.ascontiguousarray(padded[:, :, ::-1].transpose(2, 0, 1)[None], np.float32) / 255
        rows = session.run(None, {name: pixels})[0][0].T
        best = rows[:, 4:].max(1)
        kept = best > 0.05
        boxes = rows[kept, :4].copy()
        boxes[:, :2] -= boxes[:, 2:] / 2
        if len(boxes):
            found += len(cv2.dnn.NMSBoxesBatched(boxes.tolist(), best[kept].tolist(), rows[kept, 4:].argmax(1).tolist(), 0.05, 0.7, top_k=300))
    print(found)


def seconds(command, files):
    start = time.perf_counter()
    subprocess.run([*command, *files], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("enxerto")
    parser.add_argument("pictures", type=pathlib.Path)
    parser.add_argument("--labelled", required=True)
    parser.add_argument("--copies", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--yolo", default="")
    parser.add_argument("--compiled", action="store_true")
    parser.add_argument("--torch-python", default=sys.executable)
    parser.add_argument("--peer", choices=["torchvision", "yolo"], help=argparse.SUPPRESS)
    parser.add_argument("--files", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peer:
        return (run_torchvision if options.peer == "torchvision" else run_yolo)(options)
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        weights = place / "ssdlite320_mobilenet_v3_large_coco-a79551df.pth"
        subprocess.run([options.torch_python, "-c",
                        f"import sys, torch; sys.path.insert(0, {str(ROOT / 'benchmarks/peers')!r}); import detection_rates as d; "
                        f"torch.save(d.torchvision_network().state_dict(), {str(weights)!r})"], check=True)
        model = place / "model"
        subprocess.run([options.enxerto, "train", options.labelled, "--recipe", str(ROOT / "recipes/people.toml"), "--backbone", "ssdlite320_mobilenet_v3_large",
                        "--weights", str(weights), "--epochs", "2", "--no-examples", "--output", str(model), "--cache", str(place / "cache"), "-q"], check=True, stdout=subprocess.DEVNULL)
        files = []
        for k in range(options.copies):
            for picture in sorted(options.pictures.glob("*.jpg")):
                files.append(str(place / f"{k}-{picture.name}"))
                shutil.copy(picture, files[-1])
        threads = ["--threads", str(options.threads)]
        ours = [options.enxerto, "predict", str(model), "--threshold", "0.05", "--json", "-q", *threads]
        peer = [options.torch_python, __file__, options.enxerto, str(options.pictures), "--labelled", options.labelled, *threads, "--batch", str(options.batch)]
        peer += ["--compiled"] if options.compiled else []
        sides = {"Enxerto, as trained": ours, "Enxerto, fp32": [*ours, "--precision", "fp32"], "torchvision": [*peer, "--peer", "torchvision", "--files"]}
        if options.yolo:
            sides["YOLO11n in ONNX Runtime"] = [*peer, "--yolo", options.yolo, "--peer", "yolo", "--files"]
        for command in sides.values():  # compiled networks, files in the system's memory
            seconds(command, files[:FEW])
        rates = {side: [] for side in sides}
        for _ in range(options.rounds):
            for side, command in sides.items():
                rates[side].append((len(files) - FEW) / (seconds(command, files) - seconds(command, files[:FEW])))
                print(f"{side}: {rates[side][-1]:.1f} pictures/s", flush=True)
        middle = {side: statistics.median(values) for side, values in rates.items()}
        for side, rate in middle.items():
            print(f"| {side} | {rate:.1f} | {rate / middle['torchvision']:.2f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
