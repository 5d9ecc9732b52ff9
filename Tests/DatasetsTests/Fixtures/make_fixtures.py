"""Makes the fixtures of the readers with independent implementations (NumPy, PyTorch, Python's zipfile and gzip).

Run in this folder: python3 make_fixtures.py. The expected values stand in the tests.
"""
import gzip
import io
import struct
import zipfile
import zlib
from collections import OrderedDict

import numpy as np
import torch

counting = np.arange(6).reshape(2, 3)


def npy(name, array, version=(1, 0)):
    buffer = io.BytesIO()
    np.lib.format.write_array(buffer, array, version=version)
    open(name, "wb").write(buffer.getvalue())


npy("c-f4.npy", counting.astype("<f4") / 4)
npy("fortran-f8.npy", np.asfortranarray(counting.astype("<f8") * 1.5))
npy("big-i2.npy", (counting - 3).astype(">i2"))
npy("version2-i8.npy", counting.astype("<i8") * 10**12, (2, 0))
npy("version3-u1.npy", counting.astype("u1"), (3, 0))
npy("half.npy", np.array([0.5, -2, 65504, 6e-8, np.inf], "<f2"))
npy("text.npy", np.array(["cat", "dög", ""], "<U3"))
npy("fortran3-f4.npy", np.asfortranarray(np.arange(24).reshape(2, 3, 4).astype("<f4")))
npy("objects.npy", np.array([{}, None], dtype=object))
np.savez_compressed("features.npz", X=counting.astype("f4"), y=np.array([1, 0]))
np.savez("pictures.npz", x_train=np.arange(2 * 4 * 4, dtype="u1").reshape(2, 4, 4), y_train=np.array([3, 5]),
         x_test=np.zeros((1, 4, 4), "u1"), y_test=np.array([5]))

state = OrderedDict()
state["conv.weight"] = torch.arange(24, dtype=torch.float32).reshape(3, 2, 4).permute(2, 0, 1)  # strides are not row-major
state["bias"] = torch.tensor([0.5, -0.25])
state["counter"] = torch.tensor(7)
shared = torch.arange(10, dtype=torch.float32)
state["tail"] = shared[6:]  # an offset into its storage
torch.save(state, "strides.pth", _use_new_zipfile_serialization=False, pickle_protocol=2)


class Harmful:
    def __reduce__(self):
        return (print, ("executed",))


torch.save({"weight": Harmful()}, "harmful.pth", _use_new_zipfile_serialization=False)
torch.save(state, "zipped.pth")

with zipfile.ZipFile("two-methods.zip", "w") as archive:
    archive.writestr("stored.txt", "stored text", zipfile.ZIP_STORED)
    archive.writestr("folder/deflated.txt", "deflated text " * 50, zipfile.ZIP_DEFLATED)
with zipfile.ZipFile("zip64.zip", "w") as archive, archive.open("big.txt", "w", force_zip64=True) as member:
    member.write(b"a member with 64-bit sizes")
with zipfile.ZipFile("escape.zip", "w") as archive:
    archive.writestr("../outside.txt", "text")

table = "name,score,note\nanna,1.5,\"says \"\"hello\"\", twice\"\nbert,,\"two\nlines\"\ncleo,nan,\n"
open("table.csv", "w", newline="").write(table)
open("table.csv.gz", "wb").write(gzip.compress(table.encode(), mtime=0))
open("latin1.csv", "wb").write("name,value\nJörg,1\n".encode("latin-1"))
open("utf16.csv", "wb").write("a,b\n1,2\n".encode("utf-16"))

open("images.idx", "wb").write(struct.pack(">HBB3I", 0, 8, 3, 2, 3, 4) + bytes(range(24)))
open("labels.idx", "wb").write(struct.pack(">HBBI", 0, 8, 1, 2) + bytes([1, 0]))
open("floats.idx", "wb").write(struct.pack(">HBBI", 0, 0x0D, 1, 3) + struct.pack(">3f", 1, -2.5, 3))

# Pictures, with Pillow; grey.pgm and colour.ppm hold what the PNG files must decode to.
from PIL import Image

y, x = np.mgrid[0:9, 0:13]
colour = np.stack([(x * 19) % 256, (y * 27) % 256, (x * y * 5) % 256], -1).astype("u1")
grey = ((x * 17 + y * 3) % 256).astype("u1")
Image.fromarray(colour).save("colour.png")
Image.fromarray(colour).save("colour.ppm")
Image.fromarray(np.dstack([colour, np.full((9, 13), 255, "u1")])).save("alpha.png")
Image.fromarray(grey).save("grey.png", optimize=True)
Image.fromarray(grey).save("grey.pgm")
Image.fromarray(grey.astype(np.uint16) * 257).save("sixteen.png")
Image.fromarray(grey > 127).save("one-bit.png")
Image.fromarray(colour // 64 * 64).quantize(16).save("palette.png", bits=4)
Image.fromarray(colour // 64 * 64).quantize(16).convert("RGB").save("palette.ppm")
Image.fromarray(colour).save("picture.jpg")

# The safetensors format, written by hand: length of the header, header, data.
import json

header = {"__metadata__": {"made": "by hand"}, "features": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
          "half": {"dtype": "F16", "shape": [2], "data_offsets": [24, 28]}, "y": {"dtype": "I64", "shape": [2], "data_offsets": [28, 44]}}
text = json.dumps(header).encode()
open("arrays.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + (counting.astype("<f4") / 4).tobytes()
                                       + np.array([1.5, -2], "<f2").tobytes() + np.array([1, 0], "<i8").tobytes())
