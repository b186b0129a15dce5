#!/usr/bin/env python3
"""Writes tests/golden/report/{training,validation}.tfevents: what TensorBoard's own writer makes of the curves of
tests/report/event_file_test.cpp; and reads event files of Enxerto as TensorBoard does.

    python3 tools/golden/tensorboard_events.py            needs tensorboard 2.21
    python3 tools/golden/tensorboard_events.py FOLDER     prints the scalars of a folder of events, as OUTPUT.tensorboard
"""
import math
import pathlib
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.compat.proto.event_pb2 import Event
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

START = 1700000000.25
PHASES = [
    {"loss": [0.5], "val_loss": [0.75]},
    {"loss": [0.25, math.nan], "accuracy": [0.875, 1.0], "val_loss": [0.5, 0.125], "val_top-5": [1.0, 1.0],
     "learning_rate": [0.001, 1e-30], "seconds": [1.5, 2.25]},
]


def write(path, validation):
    with open(path, "wb") as file:
        writer = RecordWriter(file)
        writer.write(Event(wall_time=START, file_version="brain.Event:2").SerializeToString())
        step, now = 0, START
        for phase in PHASES:
            for epoch in range(max(map(len, phase.values()))):
                step += 1
                now += phase.get("seconds", [0] * 9)[epoch]
                values = [Summary.Value(tag=name.removeprefix("val_"), simple_value=series[epoch])
                          for name, series in phase.items() if name.startswith("val_") == validation]
                writer.write(Event(wall_time=now, step=step, summary=Summary(value=values)).SerializeToString())
        writer.flush()


def show(folder):
    for run in sorted(pathlib.Path(folder).iterdir()):
        events = EventAccumulator(str(run)).Reload()
        for tag in events.Tags()["scalars"]:
            print(run.name, tag, [(scalar.step, scalar.value) for scalar in events.Scalars(tag)])


if len(sys.argv) > 1:
    show(sys.argv[1])
else:
    folder = pathlib.Path(__file__).resolve().parents[2] / "tests/golden/report"
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / "training.tfevents", False)
    write(folder / "validation.tfevents", True)
