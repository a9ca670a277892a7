"""A device of our own: tensors that lie "there", and may not meet tensors that lie here.

Stands for a GPU where there is none. Each operation is really computed, on the CPU; mixing devices
is refused as CUDA refuses it: one number may come from here, and so may an index.
"""

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves, tree_map

THERE = torch.device("meta")  # a name only: nothing is computed on it
_INDEX = ("aten.index.", "aten.index_put", "aten._unsafe_index")
_READ = ("aten._local_scalar_dense", "aten.equal")


class Far(torch.Tensor):
    """A tensor that says it lies there."""

    here: torch.Tensor

    @staticmethod
    def __new__(cls, here):
        made = torch.Tensor._make_wrapper_subclass(
            cls, here.size(), strides=here.stride(), dtype=here.dtype, device=THERE
        )
        made.here = here
        return made

    def __repr__(self, *, tensor_contents=None):
        return f"Far({self.here})"

    def tolist(self):
        return self.here.tolist()

    def new_tensor(self, data, *args, **options):
        return Far(self.here.new_tensor(data, *args, **options))

    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        return _done(func, args, kwargs or {})


class Away(TorchDispatchMode):
    """Inside, tensors that are made there are `Far`."""

    def __enter__(self):
        self._tensor, torch.tensor = torch.tensor, self._made
        return super().__enter__()

    def __exit__(self, *error):
        torch.tensor = self._tensor
        return super().__exit__(*error)

    def _made(self, data, *, device=None, **options):
        made = self._tensor(data, **options)
        return made if device is None or torch.device(device) != THERE else Far(made)

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        return _done(func, args, kwargs or {})


def here(x):
    """The same, as an ordinary tensor."""
    return x.here if isinstance(x, Far) else x


def _done(func, args, kwargs):
    name = str(func)
    tensors = [x for x in tree_leaves((args, kwargs)) if isinstance(x, torch.Tensor)]
    far, moved = any(isinstance(x, Far) for x in tensors), "device" in kwargs
    if far and not moved and not name.startswith("aten.copy_"):
        index = name.startswith(_INDEX) and isinstance(args[0], Far)
        if not index and any(not isinstance(x, Far) and x.ndim for x in tensors):
            raise RuntimeError(f"{name}: tensors on two devices")
    if moved and kwargs["device"] is not None:
        far = torch.device(kwargs["device"]) == THERE
        kwargs = {**kwargs, "device": torch.device("cpu")}
    with torch.no_grad():
        out = func(*tree_map(here, args), **tree_map(here, kwargs))
    if func._schema.name.endswith("_") and tensors:
        return args[0]
    wrap = far and not name.startswith(_READ)
    return tree_map(lambda x: Far(x) if wrap and isinstance(x, torch.Tensor) else x, out)
