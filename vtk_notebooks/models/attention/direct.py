"""Direct: modules that call torch's fused attention themselves, as our own do.

They do not go through transformers' table of functions, so the call itself is watched, for as long
as a chosen module runs.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from torch.overrides import TorchFunctionMode

Look = Callable[[Any, Tensor, Tensor, Any, dict[str, Any]], None]


def calls_directly(module: nn.Module) -> bool:
    """Whether it is neither of transformers nor torch's own attention."""
    ours = not type(module).__module__.startswith("transformers")
    return ours and not isinstance(module, nn.MultiheadAttention)


@contextmanager
def beside_direct(modules: list[nn.Module], look: Look) -> Iterator[None]:
    """Look at every fused call that one of these modules makes; none of them, no cost."""
    if not modules:
        yield
        return
    running = list[nn.Module]()
    with ExitStack() as stack:
        for module in modules:
            stack.callback(module.register_forward_pre_hook(partial(_begin, running)).remove)
            ended = module.register_forward_hook(partial(_end, running), always_call=True)
            stack.callback(ended.remove)
        stack.enter_context(_Watch(running, look))
        yield


class _Watch(TorchFunctionMode):
    def __init__(self, running: list[nn.Module], look: Look) -> None:
        super().__init__()
        self._running, self._look = running, look

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        more = kwargs or {}
        if func is scaled_dot_product_attention and self._running:
            named = dict(zip(("query", "key", "value", "attn_mask"), args, strict=False)) | more
            mask = named.get("attn_mask")
            while mask is not None and mask.ndim < 4:
                mask = mask[None]
            told = {"is_causal": named.get("is_causal", False), "scaling": named.get("scale")}
            self._look(self._running[-1], named["query"], named["key"], mask, told)
        return func(*args, **more)


def _begin(running: list[nn.Module], module: nn.Module, args: Any) -> None:
    running.append(module)


def _end(running: list[nn.Module], module: nn.Module, args: Any, out: Any) -> None:
    running.pop()
