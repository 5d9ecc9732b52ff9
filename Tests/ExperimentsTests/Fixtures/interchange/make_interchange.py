"""Made the fixtures beside it with the programs' own writers.

    python make_interchange.py tensorboard FOLDER      (torch 2.15 with tensorboard 2.21)
    python make_interchange.py wandb FOLDER            (wandb 0.16.6)
"""
import glob, os, shutil, sys


def tensorboard(out):
    import numpy as np
    from torch.utils.tensorboard import SummaryWriter

    folder = os.path.join(out, "tb")
    shutil.rmtree(folder, ignore_errors=True)
    w = SummaryWriter(folder)
    rng = np.random.default_rng(0)
    for i in range(20):
        w.add_scalar("loss/train", 1 / (i + 1), i, walltime=1700000000 + i)
        w.add_scalar("accuracy", i / 20, i, walltime=1700000000 + i)
    w.add_histogram("weights", rng.normal(size=500), 3, walltime=1700000100)
    w.add_image("digit", (np.arange(64).reshape(1, 8, 8) * 4).astype(np.uint8), 2, walltime=1700000101)
    w.add_text("note", "hello *world*", 1, walltime=1700000102)
    w.add_scalar("new", 0.25, 5, new_style=True, walltime=1700000103)
    w.add_scalar("nan", float("nan"), 5, walltime=1700000104)
    w.close()
    shutil.copy(glob.glob(folder + "/*")[0], os.path.join(out, "tensorboard.tfevents"))
    shutil.rmtree(folder)


def wandb(out):
    from wandb.proto import wandb_internal_pb2 as pb
    from wandb.sdk.internal.datastore import DataStore

    path = os.path.join(out, "small.wandb")
    if os.path.exists(path):
        os.unlink(path)
    ds = DataStore()
    ds.open_for_write(path)
    run = pb.Record()
    run.run.run_id, run.run.project, run.run.display_name, run.run.host = "abc123", "lathe-fixture", "small-seed7", "laptop"
    run.run.start_time.seconds = 1700000000
    for key, value in [("rate", "0.1"), ("layers", "3"), ("name", '"adam"'), ("_wandb", '{"value": 1}')]:
        item = run.run.config.update.add()
        item.key, item.value_json = key, value
    nested = run.run.config.update.add()
    nested.key, nested.value_json = "optimiser", '{"beta": 0.9, "kind": "adam"}'
    ds.write(run)
    for i in range(1500):
        r = pb.Record()
        r.history.step.num = i
        for key, value in [("loss", repr(1 / (i + 1))), ("_timestamp", repr(1700000000.0 + i / 10)), ("_step", str(i))]:
            item = r.history.item.add()
            item.key, item.value_json = key, value
        item = r.history.item.add()
        item.nested_key.extend(["acc", "train"])
        item.value_json = repr(i / 1500)
        if i == 4:
            item = r.history.item.add()
            item.key, item.value_json = "table", '{"_type": "table", "rows": 3}'
            item = r.history.item.add()
            item.key, item.value_json = "odd", "NaN"
        ds.write(r)
    s = pb.Record()
    item = s.summary.update.add()
    item.key, item.value_json = "best", "0.5"
    ds.write(s)
    e = pb.Record()
    e.exit.exit_code, e.exit.runtime = 0, 150
    ds.write(e)
    ds.close()


{"tensorboard": tensorboard, "wandb": wandb}[sys.argv[1]](sys.argv[2])
